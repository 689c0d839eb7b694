"""The choice, group by group, of how to hear of notices."""

from collections.abc import Mapping
from typing import Any

from django import forms

from notifications import kinds
from notifications.states import Delivery


class PreferencesForm(forms.Form):
    """One field for each group a person may choose for; rights are not among them."""

    def __init__(self, *args: Any, chosen: Mapping[str, Delivery], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for group, choices in kinds.choices_by_group().items():
            self.fields[group] = forms.ChoiceField(
                label=str(kinds.GROUPS[group]),
                choices=choices,
                initial=chosen.get(group, kinds.usual_delivery_of(group)),
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
            )
