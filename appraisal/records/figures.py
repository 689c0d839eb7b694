"""The values of one figure, and what may be wrong with them. The same for a form and for a row of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from appraisal.records.known import KnownFigure
from appraisal.records.models import Actual
from appraisal.records.typed import is_fact, read_typed, stored
from appraisal.schemes.spec import Measure, Survey

HUNDRED = Decimal(100)
PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Values:
    """Neither `actual` nor `told`: there is no such figure in this period, and a note has to say why."""

    actual: Decimal | None
    target: Decimal | None = None
    split: Mapping[str, Decimal] = field(default_factory=dict)
    answers: int | None = None
    # A fact about the subject, in its kept spelling.
    told: str = ""
    # Of a net promoter score, whose figure follows from them.
    promoters: int | None = None
    detractors: int | None = None

    @property
    def is_absent(self) -> bool:
        return self.actual is None and not self.told

    @property
    def detail(self) -> dict[str, Any]:
        detail: dict[str, Any] = {}
        if self.split:
            detail["split"] = {key: spelled(value) for key, value in sorted(self.split.items())}
        for name in ("answers", "promoters", "detractors"):
            if getattr(self, name) is not None:
                detail[name] = getattr(self, name)
        return detail

    def same_as(self, row: Actual) -> bool:
        mine = (self.actual, self.target, self.told, self.detail)
        return mine == (row.actual, row.target, row.told, row.detail)


@dataclass(frozen=True, slots=True)
class Fault:
    """`field` is target, actual, answers, note or split.<part>."""

    field: str
    message: str


def spelled(value: Decimal) -> str:
    return stored(value) or ""


def read_into(known: KnownFigure, written: Any, **more: Any) -> Values:
    """The values of what was written for the actual, by the type of the figure. Raises ValueError."""
    given = known.given
    if known.is_net_score and more.get("promoters") is not None and more.get("answers"):
        return Values(net_score(more["promoters"], more.get("detractors") or 0, more["answers"]), **more)
    kind = given.type if isinstance(given, Measure) else "number"
    choices = given.choices if isinstance(given, Measure) else {}
    value = read_typed(kind, written, choices)
    if is_fact(given):
        return Values(None, told=stored(value) or "", **more)
    assert value is None or isinstance(value, Decimal)
    return Values(value, **more)


def net_score(promoters: int, detractors: int, answers: int) -> Decimal:
    """Promoters less detractors, in per cent of the answers; kept to four places, reckoned with exactly."""
    return (Decimal(promoters - detractors) * HUNDRED / Decimal(answers)).quantize(PLACES)


def faults_of(known: KnownFigure, values: Values, note: str) -> Iterator[Fault]:
    given = known.given
    if values.is_absent:
        if not note.strip():
            yield Fault("actual", _("Enter the figure, or say in the note why there is none in this period."))
        return
    if isinstance(given, Survey):
        yield from _net_faults(values) if known.is_net_score else _survey_faults(given, values)
    elif not is_fact(given):
        yield from _measure_faults(given, values)


def _survey_faults(given: Survey, values: Values) -> Iterator[Fault]:
    top = given.scale.points.value if given.scale.points.assumed is None else given.scale.points.assumed
    if top is not None and values.actual is not None and not 0 <= values.actual <= top:
        yield Fault("actual", _("The points lie between 0 and %(top)s.") % {"top": top})
    if values.answers is None or values.answers < 1:
        yield Fault("answers", _("Say how many answers the figure comes from."))


def _net_faults(values: Values) -> Iterator[Fault]:
    if values.actual is not None and not -HUNDRED <= values.actual <= HUNDRED:
        yield Fault("actual", _("A net promoter score lies between -100 and 100."))
    if values.answers is None or values.answers < 1:
        yield Fault("answers", _("Say how many answers the figure comes from."))
    elif (values.promoters or 0) + (values.detractors or 0) > values.answers:
        yield Fault("answers", _("There are more promoters and detractors than answers."))


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
