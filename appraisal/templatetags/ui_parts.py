"""Larger parts of a page: the stepper, empty states, figures with their explanation, bars."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from appraisal.templatetags.ui_library import WrongProp, one_of, register
from appraisal.templatetags.ui_looks import LOOKS, TONES


@dataclass(frozen=True)
class StepView:
    """One step as the stepper shows it: `at` is when it was left (done) or entered (here)."""

    name: str
    status: str
    holder: str = ""
    at: datetime | None = None
    due_at: datetime | None = None
    days_left: int | None = None
    note: str = ""

    @property
    def look(self) -> Any:
        return LOOKS["step"][self.status]


STEP_PROPS = tuple(field.name for field in fields(StepView))


def step_view(step: object) -> StepView:
    """From a mapping or an object with the attributes of StepView; a mapping may not say more than these."""
    if isinstance(step, Mapping):
        if unknown := set(step) - set(STEP_PROPS):
            raise WrongProp(f"a step has no {', '.join(sorted(unknown))}")
        view = StepView(**step)
    else:
        view = StepView(**{prop: getattr(step, prop) for prop in STEP_PROPS if hasattr(step, prop)})
    one_of(view.status, LOOKS["step"].keys(), "status of a step")
    return view


@register.inclusion_tag("components/stepper.html")
def stepper(steps: Iterable[object], *, now: datetime, label: str) -> dict[str, Any]:
    views = [step_view(step) for step in steps]
    return {"steps": views, "now": now, "label": label, "count": len(views)}


@register.inclusion_tag("components/empty_state.html")
def empty_state(*, icon_name: str, title: str, why: str, next_label: str = "", next_url: str = "") -> dict[str, Any]:
    """An empty list says why it is empty and what to do next."""
    if bool(next_label) != bool(next_url):
        raise WrongProp("an empty state has both next_label and next_url, or neither")
    return {"icon_name": icon_name, "title": title, "why": why, "next_label": next_label, "next_url": next_url}


@register.inclusion_tag("components/progress.html")
def progress(value: int, total: int, *, label: str) -> dict[str, Any]:
    return {"value": value, "total": max(total, 1), "shown_total": total, "label": label}


@register.inclusion_tag("components/share_bar.html")
def share_bar(parts: Iterable[tuple[str, int, str]], *, label: str) -> dict[str, Any]:
    """A bar cut into shares; parts are (word, count, tone)."""
    parts = [(word, count, one_of(tone, TONES, "tone")) for word, count, tone in parts]
    total = sum(count for _, count, _ in parts)
    shown, start = [], Decimal(0)
    for word, count, tone in parts:
        width = Decimal(100 * count) / total if total else Decimal(0)
        shown.append({"word": word, "count": count, "tone": tone, "start": f"{start:.3f}", "width": f"{width:.3f}"})
        start += width
    return {"parts": shown, "label": label, "total": total}


@register.inclusion_tag("components/stat.html")
def stat(
    *, label: str, value: object, note: str = "", tone: str = "plain", url: str = "", icon_name: str = ""
) -> dict[str, Any]:
    one_of(tone, TONES | {"plain"}, "tone")
    return {"label": label, "value": value, "note": note, "tone": tone, "url": url, "icon_name": icon_name}


@register.inclusion_tag("components/explained.html")
def explained(value: object, *, url: str, unit: str = "", assumed: bool = False, large: bool = False) -> dict[str, Any]:
    """A number that opens its explanation: in a dialog, or as a page where there is no script."""
    return {"value": value, "url": url, "unit": unit, "assumed": assumed, "large": large}


@register.inclusion_tag("components/explanation.html")
def explanation(node: Mapping[str, Any], *, open_levels: int = 1) -> dict[str, Any]:
    """The computation's own tree, as `Node.to_json()` of the scoring room gives it."""
    if "label" not in node:
        raise WrongProp("an explanation is a node with a label")
    return {"node": node, "level": 0, "open_levels": open_levels}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Iterable[Mapping[str, Any]], *, label: str) -> dict[str, Any]:
    """Links in a row; each item has label, url, active and perhaps count."""
    shown = [{"count": None, **item} for item in items]
    for item in shown:
        if set(item) != {"label", "url", "active", "count"}:
            raise WrongProp("a tab has label, url, active and perhaps count")
    return {"items": shown, "label": label}


@register.filter
def add_one(level: int) -> int:
    return level + 1


@register.filter
def figure_words(figure: Mapping[str, Any]) -> str:
    """What stands for a figure that is no number: the label of a word, yes or no, a day."""
    if figure.get("kind") == "flag":
        return _("yes") if figure.get("word") == "yes" else _("no")
    return str(figure.get("word") or "—")


@register.filter
def node_words(node: Mapping[str, Any]) -> str:
    """The same of a result, whose kind stands with its value among the figures."""
    kind = next((figure.get("kind") for figure in node.get("figures", ()) if figure["name"] == "value"), "word")
    return figure_words({"kind": kind, "word": node.get("word")})
