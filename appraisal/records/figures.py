"""The values of one figure, and what may be wrong with them. The same for a form and for a row of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from appraisal.records.known import KnownFigure
from appraisal.records.models import Actual
from appraisal.schemes.spec import Measure, Survey

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Values:
    """`actual` None: there is no such figure in this period, and a note has to say why."""

    actual: Decimal | None
    target: Decimal | None = None
    split: Mapping[str, Decimal] = field(default_factory=dict)
    answers: int | None = None

    @property
    def detail(self) -> dict[str, Any]:
        detail: dict[str, Any] = {}
        if self.split:
            detail["split"] = {key: spelled(value) for key, value in sorted(self.split.items())}
        if self.answers is not None:
            detail["answers"] = self.answers
        return detail

    def same_as(self, row: Actual) -> bool:
        return (self.actual, self.target, dict(self.split), self.answers) == (
            row.actual, row.target, row.split, row.answers,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """`field` is target, actual, answers, note or split.<part>."""

    field: str
    message: str


def spelled(value: Decimal) -> str:
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def faults_of(known: KnownFigure, values: Values, note: str) -> Iterator[Fault]:
    given = known.given
    if values.actual is None:
        if not note.strip():
            yield Fault("actual", _("Enter the figure, or say in the note why there is none in this period."))
        return
    if isinstance(given, Survey):
        yield from _survey_faults(given, values)
    else:
        yield from _measure_faults(given, values)


def _survey_faults(given: Survey, values: Values) -> Iterator[Fault]:
    top = given.scale.points.value if given.scale.points.assumed is None else given.scale.points.assumed
    if top is not None and values.actual is not None and not 0 <= values.actual <= top:
        yield Fault("actual", _("The points lie between 0 and %(top)s.") % {"top": top})
    if values.answers is None or values.answers < 1:
        yield Fault("answers", _("Say how many answers the figure comes from."))


def _measure_faults(given: Measure, values: Values) -> Iterator[Fault]:
    if given.target == "required" and values.target is None:
        yield Fault("target", _("This figure needs a target."))
    if given.target == "required" and values.target is not None and values.target <= 0:
        yield Fault("target", _("A target must be above zero."))
    if given.target == "none" and values.target is not None:
        yield Fault("target", _("This figure has no target."))
    missing = [part.key for part in given.split if part.key not in values.split]
    if given.split and missing:
        for key in missing:
            yield Fault(f"split.{key}", _("Enter this part too; the parts are shown apart."))
    elif given.split and sum(values.split.values()) != values.actual:
        total = spelled(sum(values.split.values(), Decimal(0)))
        yield Fault("actual", _("The parts add up to %(total)s, not to this figure.") % {"total": total})
