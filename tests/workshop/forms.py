"""Pages of the workshop filled in like a browser does."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.test import Client

from appraisal.schemes.models import SchemeVersion
from appraisal.workshop.boxes.base import Entry


def posted(form: forms.Form) -> QueryDict:
    """What a browser would send of the form as it is drawn."""
    sent = QueryDict(mutable=True)
    for name in form.fields:
        value = form[name].value()
        if isinstance(value, list):
            sent.setlist(name, [str(one) for one in value])
        elif value is True or value == "on":
            sent[name] = "on"
        elif value is not None and value is not False:
            sent[name] = str(value).replace("\n", "\r\n")
    if isinstance(form, Entry):
        sent["boxes"] = form.boxes_drawn
        for box in form.box.walk():
            if box.shape == "rows":
                sent[f"{box.spot.name}.rows"] = str(len(box.inner()))
    return sent


def fill(client: Client, url: str, *, kept: QueryDict | None = None, **changes: str) -> Any:
    """Sends the page at the address with some fields changed; dots in names are written as two underscores."""
    context = client.get(url).context
    data = posted(context["form"]) if kept is None else kept.copy()
    data["seen"] = context["seen"]
    for name, value in changes.items():
        data[name.replace("__", ".")] = value
    return client.post(url, data)


def stored(version: SchemeVersion) -> str:
    return SchemeVersion.objects.get(pk=version.pk).document
