"""The figures an appraisal is scored from, each with who gave it, when and how."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Source:
    """Who gave a figure, when, and how it came in (typed, a file and its row, a request to rate)."""

    who: str
    when: datetime
    how: str


@dataclass(frozen=True, slots=True)
class Measure:
    actual: Decimal
    source: Source
    target: Decimal | None = None
    # What the actual is made of, by the keys of the scheme; shown, never added up on its own.
    split: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ratings:
    """What raters gave, after the last of them answered, declined or ran out of time. A manager's is one of one."""

    points: tuple[Decimal, ...]
    # One for each of the points, or one for all of them. Never shown where raters are anonymous.
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class SurveyFigure:
    points: Decimal
    answers: int
    source: Source


@dataclass(frozen=True, slots=True)
class IncidentItem:
    day: date
    kind: str
    severity: str
    ref: str


@dataclass(frozen=True, slots=True)
class Incidents:
    """The confirmed incidents of the period; none is an answer too, and takes nothing off."""

    items: tuple[IncidentItem, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Absent:
    """Its owner says that there is no such figure in this period, and why. Left out, its weight re-spread."""

    reason: str
    source: Source


@dataclass(frozen=True, slots=True)
class Told:
    """A fact about the subject: a word of a choice, yes or no, a day."""

    fact: str | bool | date
    source: Source


@dataclass(frozen=True, slots=True)
class TableRows:
    """The rows of a ledger or the documents handed in; None for an empty cell. No rows is an answer too."""

    rows: tuple[Mapping[str, Decimal | bool | str | date | None], ...]
    source: Source


Given = Measure | Ratings | SurveyFigure | Incidents | Told | TableRows | Absent
Inputs = Mapping[str, Given]
