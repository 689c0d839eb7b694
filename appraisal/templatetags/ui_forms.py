"""What a reader acts with: buttons, dialogs that ask for a reason, fields, files, the saved state."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.forms import BoundField, Form, widgets
from django.middleware.csrf import get_token
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from appraisal.templatetags.ui_library import WrongProp, one_of, register

KINDS = {
    "primary": "btn-primary",
    "secondary": "btn-outline-secondary",
    "quiet": "btn-ghost-secondary",
    "adverse": "btn-adverse",
}


@register.simple_tag(takes_context=True)
def act_fields(context: Context, version: int | None = None) -> SafeString:
    """Hidden inputs of an act: the CSRF token, the version that the page shows, a key that makes a retry harmless."""
    hidden = [("csrfmiddlewaretoken", get_token(context["request"])), ("key", uuid.uuid4().hex)]
    if version is not None:
        hidden.append(("version", str(version)))
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', hidden)


@register.inclusion_tag("components/action_button.html", takes_context=True)
def action_button(
    context: Context,
    *,
    label: str,
    url: str = "",
    method: str = "",
    dialog: str = "",
    kind: str = "secondary",
    icon_name: str = "",
    disabled_reason: str = "",
    name: str = "",
    value: str = "",
    version: int | None = None,
    small: bool = False,
) -> dict[str, Any]:
    """A button for one act. `method`: "get" is a link, "post" a form of its own; neither submits the form around it.

    With `dialog` it opens the dialog with that anchor. With `disabled_reason` it cannot be used, and says why.
    """
    one_of(kind, KINDS, "kind")
    one_of(method, ("", "get", "post"), "method")
    if bool(url) != bool(method):
        raise WrongProp("a button has url and method (get or post), or neither")
    return {
        "request": context.get("request"),
        "label": label, "url": url, "method": method, "dialog": dialog, "icon_name": icon_name,
        "button_class": KINDS[kind] + (" btn-sm" if small else ""),
        "disabled_reason": disabled_reason, "name": name, "value": value, "version": version,
        "why_id": f"why-{uuid.uuid4().hex[:8]}" if disabled_reason else "",
    }  # fmt: skip


@register.simple_block_tag(takes_context=True)
def reason_dialog(
    context: Context,
    content: str,
    *,
    anchor: str,
    title: str,
    effect: str,
    action: str,
    submit_label: str,
    reason_label: str = "",
    reason_required: bool = True,
    adverse: bool = False,
    version: int | None = None,
    most: int = 2000,
) -> SafeString:
    """A dialog that names the effect of an act and asks for its reason; what stands inside is more of its form."""
    return render_to_string(
        "components/reason_dialog.html",
        {
            "id": anchor, "title": title, "effect": effect, "action": action, "submit_label": submit_label,
            "reason_label": reason_label, "reason_required": reason_required, "adverse": adverse,
            "version": version, "most": most, "content": content,
        },
        request=context["request"],
    )  # fmt: skip


def control_class(widget: widgets.Widget) -> str:
    if isinstance(widget, widgets.RadioSelect | widgets.CheckboxSelectMultiple):
        return "choice"
    if isinstance(widget, widgets.CheckboxInput):
        return "form-check-input"
    if isinstance(widget, widgets.Select):
        return "form-select"
    return "form-control"


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField, *, label: str = "", unit: str = "", hide_label: bool = False, show_help: bool = True
) -> dict[str, Any]:
    """A form field with its label, help, errors, and a counter of characters where its length is limited.

    A placeholder that only repeats the label goes, except where the label is hidden.
    """
    if not isinstance(bound, BoundField):
        raise WrongProp(f"{bound!r} is not a field of a form")
    widget = bound.field.widget
    attributes: dict[str, Any] = {"class": control_class(widget) + (" is-invalid" if bound.errors else "")}
    if not hide_label:
        attributes["placeholder"] = False
    if isinstance(widget, widgets.Textarea):
        attributes["rows"] = str(min(int(widget.attrs.get("rows", 5)), 12))
    return {
        "bound": bound,
        "control": bound.as_widget(attrs=attributes),
        "is_check": isinstance(widget, widgets.CheckboxInput),
        "is_file": isinstance(widget, widgets.FileInput),
        "is_group": isinstance(widget, widgets.RadioSelect | widgets.CheckboxSelectMultiple),
        "label": label or bound.label,
        "most": getattr(bound.field, "max_length", None) if isinstance(widget, widgets.Textarea) else None,
        "least": getattr(bound.field, "min_length", None) or 0,
        "unit": unit,
        "hide_label": hide_label,
        "help_text": bound.help_text if show_help else "",
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: Form) -> dict[str, Any]:
    """What is wrong with a form that came back, each line a link to the place."""
    faulty = [(form[name], errors) for name, errors in form.errors.items() if name in form.fields]
    return {"faulty": faulty, "general": form.non_field_errors()}


@register.inclusion_tag("components/file_drop.html")
def file_drop(
    *,
    anchor: str,
    name: str,
    label: str,
    url: str = "",
    accept: str,
    max_bytes: int,
    camera: bool = False,
    multiple: bool = True,
    files: Sequence[Mapping[str, Any]] = (),
    disabled_reason: str = "",
) -> dict[str, Any]:
    """A place to put files. With `url` each is sent there at once; without, they go with the form around it."""
    if camera and not url:
        raise WrongProp("a picture taken needs a url to be sent to")
    return {
        "id": anchor, "name": name, "label": label, "url": url, "accept": accept, "max_bytes": max_bytes,
        "types": " / ".join(ending.strip(" .").upper() for ending in accept.split(",")),
        "camera": camera, "multiple": multiple, "files": files, "disabled_reason": disabled_reason,
    }  # fmt: skip


@register.simple_tag(takes_context=True)
def autosave(context: Context, *, url: str, version: int, key: str) -> SafeString:
    """Attributes of a form that saves itself. `key` names the draft on this device; it is kept apart by account."""
    user = context["request"].user
    return format_html(
        ' data-autosave-url="{}" data-version="{}" data-draft-key="draft:{}:{}"', url, version, user.pk or 0, key
    )


@register.inclusion_tag("components/autosave_status.html")
def autosave_status(*, saved_at: str = "") -> dict[str, Any]:
    return {"saved_at": saved_at}


@register.inclusion_tag("components/counter.html")
def counter(*, of: str, most: int, least: int = 0) -> dict[str, Any]:
    """Counts the characters of the text area with that id; Chinese characters count one each."""
    return {"of": of, "most": most, "least": least}
