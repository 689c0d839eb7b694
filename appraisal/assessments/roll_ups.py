"""A longer period whose total comes from the results of shorter ones: a year from its quarters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from appraisal.assessments.naming import reader_is_english
from appraisal.cycles.models import Appraisal, AppraisalCycle
from appraisal.cycles.process import scheme_of, settings_of
from appraisal.cycles.states import Step
from appraisal.schemes.spec import RollUp
from appraisal.scoring.explanation import Said
from appraisal.scoring.roll_up import roll_up
from appraisal.scoring.scored import Scored
from appraisal.scoring.simulation import leaves


@dataclass(frozen=True, slots=True)
class Part:
    """One of the shorter periods. Without an appraisal that was released there is nothing to count."""

    appraisal: Appraisal | None = None

    @property
    def total(self) -> Decimal | None:
        return None if self.appraisal is None else self.appraisal.final_score

    @property
    def label(self) -> Said | None:
        if self.appraisal is None:
            return None
        cycle = self.appraisal.cycle
        return Said(cycle.name, cycle.name_en or cycle.name)


def rolls_up(appraisal: Appraisal) -> RollUp | None:
    scheme = scheme_of(appraisal.track)
    return scheme.roll_up if scheme.rolls_up_into(appraisal.cycle.period_kind) else None


def parts_of(appraisals: Sequence[Appraisal]) -> dict[int, list[Part]]:
    """The shorter periods of each appraisal that rolls up, oldest first, in one query for all of them.

    A part is an appraisal of the same employee by the same scheme, released and not withdrawn, whose period lies
    within. Where two fill the same place, as after a change of department, the later released counts.
    """
    rolled = [(one, rule) for one in appraisals if (rule := rolls_up(one)) is not None]
    if not rolled:
        return {}
    released = (
        Appraisal.objects.filter(
            employee__in={one.employee_id for one, _ in rolled},
            cycle__period_kind__in={rule.of for _, rule in rolled},
            cycle__starts_on__gte=min(one.cycle.starts_on for one, _ in rolled),
            cycle__ends_on__lte=max(one.cycle.ends_on for one, _ in rolled),
            released_at__isnull=False,
        )
        .exclude(state=Step.WITHDRAWN)
        .select_related("cycle", "track")
        .order_by("released_at", "pk")
    )
    found = list(released)
    return {one.pk: _placed(one, rule, found) for one, rule in rolled}


def _placed(appraisal: Appraisal, rule: RollUp, released: Sequence[Appraisal]) -> list[Part]:
    count, scheme, whole = len(rule.weights), scheme_of(appraisal.track).scheme, appraisal.cycle
    parts = [Part()] * count
    for one in released:
        own = one.employee_id == appraisal.employee_id and one.cycle.period_kind == rule.of
        if own and scheme_of(one.track).scheme == scheme and _within(one.cycle, whole):
            parts[_place(one.cycle.starts_on, whole, count)] = Part(one)
    return parts


def _within(part: AppraisalCycle, whole: AppraisalCycle) -> bool:
    return whole.starts_on <= part.starts_on and part.ends_on <= whole.ends_on


def _place(day: date, whole: AppraisalCycle, count: int) -> int:
    """In which of the `count` equal parts of the whole period the day lies."""
    length = (whole.ends_on - whole.starts_on).days + 1
    # A quarter that begins a day or two before its even share of the year is still that quarter.
    share = Decimal((day - whole.starts_on).days * count) / length
    return min(int(share.to_integral_value()), count - 1)


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part as the pages of the longer period list it; `name` counts the place where there is no result."""

    name: str
    weight: Decimal
    total: Decimal | None
    grade: str


def part_lines(appraisal: Appraisal) -> list[PartLine]:
    found = parts_of([appraisal]).get(appraisal.pk)
    if found is None:
        return []
    nodes = list(leaves(rolled_up(appraisal, found).tree))
    names = [node.label.en if reader_is_english() else node.label.zh for node in nodes]
    return [
        PartLine(name, node.weight or Decimal(0), part.total, part.appraisal.final_grade if part.appraisal else "")
        for name, node, part in zip(names, nodes, found, strict=True)
    ]


def rolled_up(appraisal: Appraisal, parts: Sequence[Part]) -> Scored:
    return roll_up(
        scheme_of(appraisal.track),
        [part.total for part in parts],
        parameters=settings_of(appraisal.track),
        labels=[part.label for part in parts],
    )
