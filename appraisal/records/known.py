"""The inputs that the schemes in force ask for, with everybody who may give or confirm them.

One key means one thing: where several schemes ask for the same input, whoever any of them names may give it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from opencc import OpenCC

from appraisal.people.imports.columns import normal
from appraisal.schemes.queries import published_versions
from appraisal.schemes.spec import Incident, Measure, Survey
from appraisal.schemes.spec.base import Text
from appraisal.schemes.spec.inputs import Severity

if TYPE_CHECKING:
    from appraisal.schemes.spec import Scheme


@dataclass(frozen=True, slots=True)
class KnownFigure:
    """A measure or a survey, the roles that own it, and all its names."""

    key: str
    given: Measure | Survey
    owners: frozenset[str]
    names: frozenset[str]

    @property
    def label(self) -> dict[str, str]:
        return words(self.given.label)

    @property
    def unit(self) -> dict[str, str]:
        return words(self.given.unit) if isinstance(self.given, Measure) else {}

    @property
    def parts(self) -> dict[str, dict[str, str]]:
        split = self.given.split if isinstance(self.given, Measure) else ()
        return {part.key: words(part.label) for part in split}

    @property
    def is_survey(self) -> bool:
        return isinstance(self.given, Survey)

    @property
    def is_net_score(self) -> bool:
        return isinstance(self.given, Survey) and self.given.form == "nps"

    @property
    def type(self) -> str:
        return self.given.type if isinstance(self.given, Measure) else "number"

    @property
    def choices(self) -> dict[str, dict[str, str]]:
        given = self.given.choices if isinstance(self.given, Measure) else {}
        return {key: words(label) for key, label in given.items()}

    @property
    def wants_target(self) -> bool:
        return isinstance(self.given, Measure) and self.given.target != "none" and self.type in {"number", "time"}


@dataclass(frozen=True, slots=True)
class KnownIncident:
    """A kind of incident, the functions that decide on it, and how severe it may be."""

    key: str
    given: Incident
    deciders: frozenset[str]
    severities: Mapping[str, Severity]

    @property
    def label(self) -> dict[str, str]:
        return words(self.given.label)


@dataclass(frozen=True, slots=True)
class Known:
    figures: Mapping[str, KnownFigure]
    incidents: Mapping[str, KnownIncident]


def words(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def known_inputs(on: date) -> Known:
    """From the version in force of every scheme, in one query."""
    latest: dict[str, Scheme] = {}
    for version in published_versions(on=on).order_by("valid_from", "id"):
        latest[version.key] = version.scheme
    return collected(latest.values())


def collected(schemes: Iterable[Scheme]) -> Known:
    figures: dict[str, KnownFigure] = {}
    incidents: dict[str, KnownIncident] = {}
    for scheme in schemes:
        for key, given in scheme.inputs.items():
            if isinstance(given, Measure | Survey):
                figures[key] = _with_figure(key, given, figures.get(key))
            elif isinstance(given, Incident):
                incidents[key] = _with_incident(key, given, incidents.get(key))
    return Known(figures, incidents)


def figure_of(key: str, given: Measure | Survey) -> KnownFigure:
    """As one scheme has it."""
    names = frozenset(folded(name) for name in (key, given.label.zh, given.label.en))
    return KnownFigure(key, given, frozenset({given.owner}), names)


def _with_figure(key: str, given: Measure | Survey, other: KnownFigure | None) -> KnownFigure:
    own = figure_of(key, given)
    if other is None:
        return own
    return KnownFigure(key, other.given, own.owners | other.owners, own.names | other.names)


def _with_incident(key: str, given: Incident, other: KnownIncident | None) -> KnownIncident:
    deciders = frozenset(given.confirmed_by)
    if other is None:
        return KnownIncident(key, given, deciders, dict(given.severities))
    return KnownIncident(key, other.given, deciders | other.deciders, {**given.severities, **other.severities})


def folded(name: str) -> str:
    """One spelling for 銷售額 and 销售额, for full and half width, with and without blanks."""
    return normal(simplified(name))


def simplified(text: str) -> str:
    return str(_converter().convert(text))


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
