"""What a rule does, in one sentence that an employee can check."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from appraisal.schemes.spec import Scheme
from appraisal.workshop.words import formula, listed, shown, side


def rule_says(scheme: Scheme, rule: Any) -> str:
    sentence = SENTENCES[rule.kind](scheme, rule)
    return " ".join([sentence, *_bounds(scheme, rule)])


def _label(scheme: Scheme, key: str) -> str:
    part = scheme.inputs.get(key)
    return f"“{side(part.label)}”" if part is not None else key


def _bounds(scheme: Scheme, rule: Any) -> list[str]:
    found = []
    if (gate := getattr(rule, "gate", None)) is not None:
        found.append(_("Below %(number)s it gives nothing.") % {"number": shown(scheme, gate)})
    if (cap := getattr(rule, "cap", None)) is not None:
        found.append(_("At most %(number)s.") % {"number": shown(scheme, cap)})
    floor = shown(scheme, getattr(rule, "floor", None))
    if floor is not None and floor.value != "0":
        found.append(_("At least %(number)s.") % {"number": floor})
    return found


def _attainment(scheme: Scheme, rule: Any) -> str:
    return _("%(what)s: actual ÷ target × 100.") % {"what": _label(scheme, rule.attainment)}


def _inverse(scheme: Scheme, rule: Any) -> str:
    return _("%(what)s: target ÷ actual × 100, because less is better.") % {"what": _label(scheme, rule.inverse)}


def _ratio(scheme: Scheme, rule: Any) -> str:
    words = {
        "what": _label(scheme, rule.ratio),
        "over": _label(scheme, rule.over),
        "target": shown(scheme, rule.target),
    }
    if rule.target is None:
        return _("%(what)s ÷ %(over)s × 100.") % words
    return _("%(what)s ÷ %(over)s in percent, against the target of %(target)s %%.") % words


def _growth(scheme: Scheme, rule: Any) -> str:
    words = {
        "what": _label(scheme, rule.growth),
        "over": _label(scheme, rule.over),
        "target": shown(scheme, rule.target),
    }
    if rule.target is None:
        return _("By how many percent %(what)s is above %(over)s.") % words
    return _("By how many percent %(what)s is above %(over)s, against the target of %(target)s %%.") % words


def _figure(scheme: Scheme, rule: Any) -> str:
    words = {"what": _label(scheme, rule.figure), "top": shown(scheme, rule.out_of)}
    return _("%(what)s as it is, out of %(top)s.") % words


def _within(scheme: Scheme, rule: Any) -> str:
    return _("Everything while %(what)s is from %(least)s to %(most)s, otherwise %(outside)s.") % {
        "what": _label(scheme, rule.within), "least": shown(scheme, rule.least), "most": shown(scheme, rule.most),
        "outside": shown(scheme, rule.outside),
    }  # fmt: skip


def _step(scheme: Scheme, rule: Any) -> str:
    words = {
        "what": _label(scheme, rule.step), "target": shown(scheme, rule.target) or _("its target"),
        "per": shown(scheme, rule.per), "minus": shown(scheme, rule.minus), "plus": shown(scheme, rule.plus),
        "line": shown(scheme, rule.zero_beyond),
    }  # fmt: skip
    found = [_("%(what)s against %(target)s: for each %(per)s short %(minus)s points less.") % words]
    if rule.plus is not None:
        found.append(_("For each %(per)s beyond %(plus)s points more.") % words)
    if rule.zero_beyond is not None:
        found.append(_("Beyond %(line)s nothing is left.") % words)
    return " ".join(found)


def _completeness(scheme: Scheme, rule: Any) -> str:
    words = {
        "what": _label(scheme, rule.completeness), "of": _label(scheme, rule.of),
        "each": shown(scheme, rule.each_error), "errors": _label(scheme, rule.errors or ""),
    }  # fmt: skip
    if rule.errors is None:
        return _("The points by the share of %(what)s in %(of)s.") % words
    return _("The points by the share of %(what)s in %(of)s, less %(each)s for each of %(errors)s.") % words


def _either(scheme: Scheme, rule: Any) -> str:
    ways = [
        _("%(label)s (%(per)s short: %(minus)s points less)") % {
            "label": side(way.label), "per": shown(scheme, way.per), "minus": shown(scheme, way.minus),
        }
        for way in rule.either
    ]  # fmt: skip
    return _("One of these ways earns all points: %(ways)s.") % {"ways": listed(ways)}


def _deductions(scheme: Scheme, rule: Any) -> str:
    spec = scheme.inputs.get(rule.deductions)
    severities = getattr(spec, "severities", {})

    def name(key: str) -> str:
        return side(severities[key].label) if key in severities else key

    each = [f"{name(key)} −{shown(scheme, number)}" for key, number in rule.each.items()]
    words = {
        "what": _label(scheme, rule.deductions), "each": listed(each), "start": shown(scheme, rule.begins_with),
        "none": listed([name(key) for key in rule.leaves_nothing]),
    }  # fmt: skip
    found = (
        [
            _("From %(start)s, for each of %(what)s: %(each)s.") % words
            if rule.begins_with is not None
            else _("From the weight, for each of %(what)s: %(each)s.") % words
        ]
        if each
        else []
    )
    if rule.leaves_nothing:
        found.append(_("%(none)s in %(what)s leaves nothing.") % words)
    return " ".join(found)


def _items(scheme: Scheme, rule: Any) -> str:
    spec = scheme.inputs.get(rule.items)
    column = getattr(spec, "columns", {}).get(rule.status)
    choices = getattr(column, "choices", {})
    unit = " %" if rule.takes == "share" else ""
    off = [
        f"{side(choices[key]) if key in choices else key} −{shown(scheme, number)}{unit}"
        for key, number in rule.off.items()
    ]
    return _("Each item of %(what)s by its status: %(off)s.") % {"what": _label(scheme, rule.items), "off": listed(off)}


def _mean(scheme: Scheme, rule: Any) -> str:
    return _("The mean of %(what)s, on a scale of 100.") % {"what": _label(scheme, rule.mean)}


def _survey(scheme: Scheme, rule: Any) -> str:
    return _("The figure of %(what)s, on a scale of 100.") % {"what": _label(scheme, rule.survey)}


def _mix(scheme: Scheme, rule: Any) -> str:
    shares = [f"{_label(scheme, share.of)} {shown(scheme, share.weight)} %" for share in rule.mix]
    return _("Together: %(shares)s.") % {"shares": listed(shares)}


def _expr(scheme: Scheme, rule: Any) -> str:
    return _("Formula: %(formula)s.") % {"formula": formula(scheme, rule.expr)}


def _met(scheme: Scheme, rule: Any) -> str:
    return _("Everything when this holds, otherwise nothing: %(formula)s.") % {"formula": formula(scheme, rule.met)}


SENTENCES: dict[str, Callable[[Scheme, Any], str]] = {
    "attainment": _attainment, "inverse": _inverse, "ratio": _ratio, "growth": _growth, "figure": _figure,
    "within": _within, "step": _step, "completeness": _completeness, "either": _either, "deductions": _deductions,
    "items": _items, "mean": _mean, "survey": _survey, "mix": _mix, "expr": _expr, "met": _met,
}  # fmt: skip
