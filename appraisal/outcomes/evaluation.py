"""Which consequences a scheme asks for after a result. Reads only what it is given; the arithmetic is scoring's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from appraisal.assessments.conditions import condition_key
from appraisal.outcomes.states import OutcomeKind
from appraisal.schemes.spec import Condition, Number, Pay, Proposal, Scheme
from appraisal.schemes.spec.outcomes import IndicatorPredicate
from appraisal.scoring.decimals import money, plain
from appraisal.scoring.leaf import Numbers
from appraisal.scoring.streaks import fires_at, meets

ONE_DAY = timedelta(days=1)
PLAN = "improvement_plan"


@dataclass(frozen=True, slots=True)
class Past:
    """A released result of the person."""

    starts_on: date
    ends_on: date
    grade: str


@dataclass(frozen=True, slots=True)
class Case:
    """One result with all that its consequences depend on. `row` are the person's released results of the same scheme
    and kind of period, oldest first, the present one last; `indicators` its scores by indicator."""

    scheme: Scheme
    period_kind: str
    row: Sequence[Past]
    hired_on: date
    indicators: Mapping[str, Decimal] = field(default_factory=dict)
    # What the cycle sets instead of the scheme's own parameters.
    settings: Mapping[str, Decimal | str] = field(default_factory=dict)
    # What the scheme worked out beside the score, by key: nodes of the stored explanation.
    results: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def now(self) -> Past:
        return self.row[-1]

    @property
    def best_first(self) -> tuple[str, ...]:
        return self.scheme.grades.names if self.scheme.grades else ()

    @property
    def grades(self) -> list[str | None]:
        """A period that is missing between two others, or was graded by other names, stands as None."""
        found: list[str | None] = []
        before: Past | None = None
        for past in self.row:
            if before is not None and past.starts_on > before.ends_on + ONE_DAY:
                found.append(None)
            found.append(past.grade if past.grade in self.best_first else None)
            before = past
        return found

    @property
    def is_graded(self) -> bool:
        return self.now.grade in self.best_first

    @property
    def is_first_period(self) -> bool:
        """The first result of somebody who was not yet here when the period before began."""
        length = self.now.ends_on - self.now.starts_on + ONE_DAY
        return len(self.row) == 1 and self.hired_on > self.now.starts_on - length


@dataclass(frozen=True, slots=True)
class Asked:
    """A consequence that the scheme asks for."""

    rule: str
    kind: str
    detail: dict[str, Any]
    deciders: tuple[str, ...]
    adverse: bool = False


def consequences(case: Case) -> Iterator[Asked]:
    """In the order of the scheme. An improvement plan is among them, with the rule's `propose` in its detail.

    A scheme without grades has the consequences that rest on no grade.
    """
    for key, rule in case.scheme.outcomes.items():
        if isinstance(rule, Pay):
            detail = _pay_detail(case, rule) if rule.times else _amount_detail(case, rule)
            if detail is not None and rule.each == case.period_kind:
                yield Asked(key, OutcomeKind.PAY, detail, ("hr",))
        elif isinstance(rule, Proposal) and asks(case, key, rule):
            yield Asked(key, OutcomeKind.PROPOSAL, _proposal_detail(case, key, rule), deciders_of(rule), rule.adverse)


def deciders_of(rule: Proposal) -> tuple[str, ...]:
    """What may harm is decided by HR; otherwise HR, or whom the scheme names."""
    return ("hr",) if rule.adverse else tuple(dict.fromkeys(("hr", *rule.approved_by)))


def asks(case: Case, key: str, rule: Proposal) -> bool:
    own = [(place, condition) for place, condition in enumerate(rule.when) if condition.of == case.period_kind]
    by_grades = [condition for _place, condition in own if not _more_than_grades(condition)]
    grades = case.grades
    if by_grades and case.is_graded and len(grades) in fires_at(by_grades, grades, best_first=case.best_first):
        return True
    return any(_holds(case, key, place, condition) for place, condition in own if _more_than_grades(condition))


def _more_than_grades(condition: Condition) -> bool:
    return condition.indicator is not None or condition.first_period or condition.holds is not None


def _formula_holds(case: Case, key: str, place: int) -> bool:
    """As it was worked out with the score. What lacked a figure meets no condition."""
    node = case.results.get(condition_key(key, place))
    return node is not None and node["status"] == "counted" and node.get("word") == "yes"


def _holds(case: Case, key: str, place: int, condition: Condition) -> bool:
    if condition.holds is not None and not _formula_holds(case, key, place):
        return False
    if condition.first_period and not case.is_first_period:
        return False
    if (condition.grade is not None or condition.streak is not None) and not case.is_graded:
        return False
    if condition.grade is not None and not meets(condition.grade, case.now.grade, best_first=case.best_first):
        return False
    if condition.streak is not None:
        alone = Condition(of=condition.of, streak=condition.streak)
        if len(case.grades) not in fires_at([alone], case.grades, best_first=case.best_first):
            return False
    return condition.indicator is None or _indicator_holds(case, condition.indicator)


def _indicator_holds(case: Case, predicate: IndicatorPredicate) -> bool:
    """What was not scored meets no condition."""
    value = case.indicators.get(predicate.indicator)
    if value is None:
        return False
    if predicate.at_least is not None:
        bound = number_of(case.scheme, predicate.at_least, case.settings)
        return bound is not None and value >= bound
    bound = number_of(case.scheme, predicate.below, case.settings) if predicate.below is not None else None
    return bound is not None and value < bound


def number_of(scheme: Scheme, number: Number, settings: Mapping[str, Decimal | str] | None = None) -> Decimal | None:
    figure = Numbers(scheme, settings or {}).figure("bound", number)
    return None if figure is None else figure.value


def reads_explanation(scheme: Scheme, period_kind: str) -> bool:
    """Whether any consequence of this kind of period rests on more than grades."""
    for rule in scheme.outcomes.values():
        if isinstance(rule, Pay) and not rule.times and rule.each == period_kind:
            return True
        conditions = rule.when if isinstance(rule, Proposal) else ()
        if any((one.indicator or one.holds is not None) and one.of == period_kind for one in conditions):
            return True
    return False


def _amount_detail(case: Case, rule: Pay) -> dict[str, Any] | None:
    """What a result comes to. Without a value, or where it comes to nothing, there is nothing to pay."""
    node = case.results.get(rule.of)
    if node is None or node["status"] != "counted" or node.get("value") is None:
        return None
    amount = money(Decimal(node["value"]))
    if not amount:
        return None
    detail: dict[str, Any] = {"result": rule.of, "amount": plain(amount), "label": dict(node["label"])}
    if node.get("assumed"):
        detail["assumed"] = True
    return detail


def _pay_detail(case: Case, rule: Pay) -> dict[str, Any] | None:
    grade = case.now.grade
    if not case.is_graded or grade not in rule.times:
        return None
    times = Numbers(case.scheme, case.settings).figure("times", rule.times[grade])
    detail: dict[str, Any] = {"grade": grade, "times": plain(times.value) if times else None}
    if times is not None and times.origin == "assumed":
        detail["assumed"] = True
    if grade in rule.plus:
        months = number_of(case.scheme, rule.plus[grade].months_of_salary, case.settings)
        detail["plus_months"] = None if months is None else plain(months)
    return detail


def _proposal_detail(case: Case, key: str, rule: Proposal) -> dict[str, Any]:
    length = max((condition.streak.length for condition in rule.when if condition.streak is not None), default=1)
    detail: dict[str, Any] = {
        "propose": rule.propose,
        "grades": [past.grade for past in case.row[-length:] if past.grade],
        "from": (case.now.ends_on + ONE_DAY).isoformat(),
    }
    if because := _because(case, key, rule):
        detail["because"] = because
    for name in ("level", "or_level"):
        if (level := getattr(rule, name)) is not None:
            detail[name] = level
    return detail


def _because(case: Case, key: str, rule: Proposal) -> dict[str, str] | None:
    """The first formula that holds, in words."""
    for place, condition in enumerate(rule.when):
        if condition.of == case.period_kind and condition.holds is not None and _formula_holds(case, key, place):
            return dict(case.results[condition_key(key, place)]["sentence"])
    return None
