"""The language of schemes in the reader's words: roles, kinds, bounds, numbers, formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from appraisal.cycles.states import PeriodKind, Step
from appraisal.schemes.checks.naming import branches_of
from appraisal.schemes.checks.references import missing_numbers
from appraisal.schemes.spec import Number, Scheme, Text
from appraisal.workshop.patching import number as plain

Words = str | Promise

ROLES: Mapping[str, Words] = {
    "employee": gettext_lazy("Employee"),
    "manager": gettext_lazy("Manager"),
    "second_level": gettext_lazy("Second-level manager"),
    "hr": gettext_lazy("Human resources"),
    "hr_partner": gettext_lazy("HR partner"),
    "sales_director": gettext_lazy("Sales director"),
    "legal": gettext_lazy("Legal"),
    "finance": gettext_lazy("Finance"),
    "operations": gettext_lazy("Operations"),
    "data_owner": gettext_lazy("Data owner"),
    "peers": pgettext_lazy("role of a scheme", "Team members"),
    "subordinates": pgettext_lazy("role of a scheme", "Subordinates"),
    "customers": pgettext_lazy("role of a scheme", "Customers"),
    "department": pgettext_lazy("role of a scheme", "Department"),
    "executives": pgettext_lazy("role of a scheme", "Executives"),
    "panel": pgettext_lazy("role of a scheme", "Appeal panel"),
    "mentor": pgettext_lazy("role of a scheme", "Mentor"),
    "system": pgettext_lazy("role of a scheme", "The system"),
}
PERIODS: Mapping[str, Words] = dict(PeriodKind.choices)
SUBJECTS: Mapping[str, Words] = {
    "person": pgettext_lazy("who is appraised", "Person"), "team": pgettext_lazy("who is appraised", "Team"),
    "department": pgettext_lazy("who is appraised", "Department"),
    "organisation": pgettext_lazy("who is appraised", "Organisation"),
}  # fmt: skip
INPUTS: Mapping[str, Words] = {
    "measure": pgettext_lazy("kind of input", "Figure"), "rating": pgettext_lazy("kind of input", "Rating"),
    "survey": pgettext_lazy("kind of input", "Survey"), "incident": pgettext_lazy("kind of input", "Incidents"),
    "ledger": pgettext_lazy("kind of input", "Table"), "document": pgettext_lazy("kind of input", "Documents"),
}  # fmt: skip
EXPIRIES: Mapping[str, Words] = {
    "pass_over": gettext_lazy("When the time is up the step is passed over."),
    "close_window": gettext_lazy("When the time is up the window closes."),
    "wait": "",
}
BEGINS: Mapping[str, Words] = {
    "entry": gettext_lazy("from the day the step is reached"),
    "period_start": gettext_lazy("from the beginning of the period"),
    "period_end": gettext_lazy("from the end of the period"),
    "release": gettext_lazy("from the day the result is told"),
}
FIELDS: Mapping[str, Words] = {
    "within": pgettext_lazy("number of a step", "days"),
    "remind": pgettext_lazy("number of a step", "reminders"),
    "escalate": pgettext_lazy("number of a step", "escalation"),
    "on_expiry": pgettext_lazy("number of a step", "what happens when the time is up"),
    "minutes": pgettext_lazy("number of a step", "minutes"),
    "months": pgettext_lazy("number of a step", "months"),
    "check_in_every": pgettext_lazy("number of a step", "rhythm of check-ins"),
    "evidence": pgettext_lazy("number of a step", "evidence"),
    "sign": pgettext_lazy("number of a step", "who signs"),
    "holder": pgettext_lazy("number of a step", "who holds it"),
}
STEPS: Mapping[str, Words] = {**dict(Step.choices), "acknowledging": gettext_lazy("Acknowledgement of the result")}
NAME = re.compile(r"'[^']*'|\"[^\"]*\"|[a-z][a-z0-9_]*")


def side(text: Any) -> str:
    """The reader's side of a pair of words."""
    if text is None:
        return ""
    return str(text.en if get_language() == "en" else text.zh)


def listed(words: list[str]) -> str:
    return pgettext("between items of a list", ", ").join(words)


@dataclass(frozen=True, slots=True)
class Shown:
    """A number and where it comes from: stated, assumed, missing. `name` is the parameter that holds it."""

    value: str
    origin: str
    name: str = ""

    def __str__(self) -> str:
        return self.value or _("(missing)")


def shown(scheme: Scheme, number: Number | None) -> Shown | None:
    if number is None:
        return None
    if number.parameter is not None:
        parameter = scheme.parameters.get(number.parameter)
        if parameter is None:
            return Shown("", "missing", number.parameter)
        origin = "missing" if parameter.missing else "stated" if parameter.value is not None else "assumed"
        value = "" if parameter.number is None else plain(parameter.number)
        return Shown(value, origin, side(parameter.label))
    if number.missing:
        return Shown("", "missing")
    if number.assumed is not None:
        return Shown(plain(number.assumed), "assumed")
    return Shown(plain(number.value), "stated") if number.value is not None else None


def bounds(scheme: Scheme, part: Any) -> str:
    """A band or a row in words: at least 80 and below 90."""
    phrases = {
        "at_least": _("at least %(number)s"), "above": _("above %(number)s"),
        "at_most": _("at most %(number)s"), "below": _("below %(number)s"),
    }  # fmt: skip
    given = [
        phrase % {"number": shown(scheme, getattr(part, name))}
        for name, phrase in phrases.items()
        if getattr(part, name) is not None
    ]
    return pgettext("between two bounds", " and ").join(given) or _("everything")


def labels_of(scheme: Scheme) -> dict[str, Text]:
    """Everything that a formula may name, with its label."""
    named: dict[str, Any] = {**scheme.tables, **scheme.inputs, **scheme.parameters, **scheme.results}
    for part in (*scheme.inputs.values(), *scheme.results.values()):
        named |= {key: column for key, column in getattr(part, "columns", {}).items() if key not in named}
    named |= branches_of(scheme)
    return {key: part.label for key, part in named.items()}


def formula(scheme: Scheme, text: str) -> str:
    """The formula with the labels of its names."""
    labels = labels_of(scheme)

    def word(found: re.Match[str]) -> str:
        name = found[0]
        label = labels.get(name)
        return f"“{side(label)}”" if label is not None else name

    return NAME.sub(word, text)


def missing_of(scheme: Scheme) -> Iterator[str]:
    """What a scheme still lacks, by the names that people know."""
    for problem in missing_numbers(scheme):
        name = problem.params["name"]
        parameter = scheme.parameters.get(name)
        yield side(parameter.label) if parameter is not None else name
