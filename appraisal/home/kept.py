"""What somebody typed into a form that was refused, under the labels that they saw."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType

from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appraisal.interviews.states import Answer

# What forms carry for the machine, not for the reader.
MACHINERY = frozenset({
    "csrfmiddlewaretoken", "version", "subject_version", "key", "draft", "act", "next", "seen", "filters", "token",
    "appraisal", "chosen", "ids", "TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS", "state", "decision",
})  # fmt: skip
# Fields of dialogs that are written without a form class, and the words of reviews, which stand under indicators.
LABELS: dict[str, str | Promise] = {
    "answer": _("Answer"),
    "comment": _("Comment"),
    "grade": _("Grade"),
    "reached": _("Reached"),
    "reason": _("Reason"),
    "reason_for_employee": _("Reason for the employee"),
    "role": _("Role"),
    "text": _("Text"),
    "witness": _("Witness"),
}


def kept(request: HttpRequest) -> list[tuple[str, str]]:
    """The words that were typed, so that a refusal loses none of them."""
    labels = labels_of(request)
    return [
        (str(labels.get(_last(name)) or LABELS.get(_last(name)) or _("Text")), text)
        for name, values in request.POST.lists()
        if _last(name) not in MACHINERY
        for text in values
        if isinstance(text, str) and text.strip() and not text.isdigit() and text not in Answer.values
    ]


def labels_of(request: HttpRequest) -> dict[str, str]:
    """Of the forms that the view uses, then of the other forms of its room."""
    found: dict[str, str] = {}
    for form in _forms(request):
        for name, field in getattr(form, "base_fields", {}).items():
            if field.label:
                found.setdefault(name, str(field.label))
    return found


def _forms(request: HttpRequest) -> Iterator[type[BaseForm]]:
    if request.resolver_match is None:
        return
    view = request.resolver_match.func.__module__
    for module in (view, f"{view.split('.views')[0]}.forms"):
        if module in sys.modules:
            yield from _in(sys.modules[module])


def _in(module: ModuleType) -> Iterator[type[BaseForm]]:
    for thing in vars(module).values():
        if isinstance(thing, type) and issubclass(thing, BaseForm):
            yield thing


def _last(name: str) -> str:
    """Forms that stand several times on a page put their place before the name: `actions-0-text`."""
    return name.rsplit("-", 1)[-1]
