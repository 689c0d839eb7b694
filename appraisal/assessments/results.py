"""From the figures of an appraisal to its result, stored with the explanation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.assessments.conditions import with_conditions
from appraisal.assessments.inputs import MANAGER_RATING, gather_inputs
from appraisal.assessments.naming import in_both, reader_is_english, role_words
from appraisal.assessments.overrides import with_overrides
from appraisal.assessments.roll_ups import parts_of, rolled_up
from appraisal.assessments.rules import in_period
from appraisal.cycles.models import Appraisal, Result
from appraisal.cycles.process import scheme_of, settings_of
from appraisal.cycles.states import Origin
from appraisal.schemes.spec import Incident, Ledger, Measure, PeriodKind, Scheme, Survey
from appraisal.scoring.engine import score
from appraisal.scoring.inputs import Given, Ratings, Source
from appraisal.scoring.leaf import Missing, UnfitInputError, said
from appraisal.scoring.scored import Scored
from appraisal.scoring.sheet import WorkingDay
from appraisal.scoring.values import WrongKindError
from workflow.calendars import day_book, one_reading
from workflow.errors import GuardRefused

if TYPE_CHECKING:
    from appraisal.people.models import User

STORED = Decimal("0.0001")
SET_BY = {
    Origin.APPEAL: gettext_lazy("set by the appeal panel"),
    Origin.CORRECTION: gettext_lazy("set by a supervised correction"),
}


def compute(
    appraisal: Appraisal,
    overrides: Mapping[str, Decimal] | None = None,
    *,
    ratings: Mapping[str, Decimal] | None = None,
    set_by: Source | None = None,
) -> Scored:
    """The score as the rows stand now, with its explanation, or with what is missing.

    `overrides` replace the actual (of a measure) or the points (of everything else) of an indicator or input, by key;
    `set_by` says who replaced them. `ratings` are points of the manager's that are not saved yet, for a preview.
    """
    if parts := parts_of([appraisal]):
        return rolled_up(appraisal, parts[appraisal.pk])
    inputs = gather_inputs([appraisal])[appraisal.pk]
    with one_reading():
        return _score(appraisal, inputs, overrides or {}, ratings or {}, set_by)


def compute_many(appraisals: Sequence[Appraisal]) -> dict[int, Scored]:
    """The same for many, in a constant number of queries."""
    parts = parts_of(appraisals)
    inputs = gather_inputs([appraisal for appraisal in appraisals if appraisal.pk not in parts])
    with one_reading():
        return {
            appraisal.pk: rolled_up(appraisal, parts[appraisal.pk])
            if appraisal.pk in parts
            else _score(appraisal, inputs[appraisal.pk], {}, {}, None)
            for appraisal in appraisals
        }


def _score(
    appraisal: Appraisal,
    inputs: dict[str, Given],
    overrides: Mapping[str, Decimal],
    ratings: Mapping[str, Decimal],
    set_by: Source | None,
) -> Scored:
    scheme = with_conditions(appraisal.track.scheme_digest, appraisal.cycle.period_kind)
    for key, points in ratings.items():
        when = appraisal.state_since or appraisal.cycle.created_at
        source = Source(str(appraisal.manager or ""), when, in_both(MANAGER_RATING))
        inputs[key] = Ratings((points,), (source,))
    if overrides:
        assert set_by is not None
        scheme, inputs = with_overrides(scheme, inputs, overrides, set_by)
    try:
        scored = score(
            scheme,
            inputs,
            period_kind=cast("PeriodKind", appraisal.cycle.period_kind),
            parameters=settings_of(appraisal.track),
            as_of=appraisal.cycle.ends_on,
            is_working_day=_working_days(appraisal),
        )
    except UnfitInputError as error:
        raise GuardRefused(unfit(scheme, error), _("Whoever entered it can correct it.")) from error
    except WrongKindError as error:
        raise GuardRefused(
            _("A formula of the scheme does not fit what was entered: %(what)s.") % {"what": error},
            _("HR can correct the scheme or the figure."),
        ) from error
    if not scheme.indicators:
        scored.missing += tuple(_not_given(appraisal, scheme, inputs))
    return scored


def _working_days(appraisal: Appraisal) -> WorkingDay:
    """The cycle's calendar, read when a formula first counts in it."""
    return lambda day: day_book(appraisal.cycle.calendar_id).is_working(day)


def _not_given(appraisal: Appraisal, scheme: Scheme, inputs: Mapping[str, Given]) -> Iterator[Missing]:
    """Without indicators nobody else says that a figure is missing."""
    for key, spec in scheme.inputs.items():
        if spec.required and spec.scored and key not in inputs and in_period(appraisal, key):
            yield Missing("", key, "not_given", said(spec.label))


def store_result(
    appraisal: Appraisal,
    scored: Scored,
    *,
    origin: str,
    acting_user: User | None,
    at: datetime,
    reason: str = "",
) -> Result:
    """Writes the result and sets the appraisal's columns; the caller saves them, inside the engine's `change`.

    A scheme without indicators has results but no score, one without grades no grade.

    The manager's own score is kept beside the final one: only origin "review" sets it.
    """
    demand_complete(appraisal, scored)
    total = None if scored.total is None else scored.total.quantize(STORED, rounding=ROUND_HALF_UP)
    grade = _grade(appraisal, scored, origin)
    if origin == Origin.REVIEW:
        appraisal.review_score, appraisal.review_grade = total, grade
        appraisal.scored_by = acting_user
    appraisal.final_score, appraisal.final_grade, appraisal.final_origin = total, grade, origin
    return Result.objects.create(
        appraisal=appraisal, origin=origin, score=total, grade=grade, explanation=scored.to_json(), reason=reason,
        by=acting_user, at=at,
    )  # fmt: skip


def _grade(appraisal: Appraisal, scored: Scored, origin: str) -> str:
    """An appeal never worsens a grade, which a calibration may have raised above what the figures give."""
    grade = scored.grade or ""
    grades = scheme_of(appraisal.track).grades
    if origin != Origin.APPEAL or grades is None or appraisal.final_grade not in grades.names:
        return grade
    return min(grade, appraisal.final_grade, key=grades.names.index)


def recompute(
    appraisal: Appraisal,
    overrides: Mapping[str, Decimal],
    *,
    origin: str = Origin.APPEAL,
    acting_user: User | None,
    at: datetime,
    reason: str = "",
) -> Result:
    """The result anew with some figures replaced, stored and set on the appraisal. Permission is the caller's to check.

    May be called inside the engine's `change` or before `perform`, in the caller's transaction.
    """
    who = in_both(SET_BY[Origin(origin)])
    source = Source(who, at, f"{who}: {reason}" if reason else who)
    result = store_result(
        appraisal, compute(appraisal, overrides, set_by=source), origin=origin, acting_user=acting_user, at=at,
        reason=reason,
    )  # fmt: skip
    Appraisal.objects.filter(pk=appraisal.pk).update(
        final_score=appraisal.final_score, final_grade=appraisal.final_grade, final_origin=appraisal.final_origin
    )
    return result


def demand_complete(appraisal: Appraisal, scored: Scored) -> None:
    """Refuses a score with missing data, naming each input and who supplies it."""
    if scored.missing:
        lines = missing_words(scheme_of(appraisal.track), scored.missing)
        raise GuardRefused(
            _("Data is missing: %(list)s.") % {"list": _("; ").join(lines)},
            _("The ones named supply it; HR can help where nobody answers."),
        )


def missing_words(scheme: Scheme, missing: Sequence[Missing]) -> list[str]:
    return list(dict.fromkeys(_missing(scheme, gap) for gap in missing))


def _missing(scheme: Scheme, gap: Missing) -> str:
    name = gap.label.en if reader_is_english() else gap.label.zh
    sentences = {
        "no_target": _("%(input)s without a target (%(who)s)"),
        "target_not_positive": _("%(input)s with a target that is not above zero (%(who)s)"),
        "period": _("the result of %(input)s"),
    }
    return sentences.get(gap.reason, _("%(input)s (%(who)s)")) % {"input": name, "who": supplier(scheme, gap.key)}


def supplier(scheme: Scheme, key: str) -> str:
    """Who supplies an input, in words; a parameter of the scheme is HR's."""
    spec = scheme.inputs.get(key)
    if spec is None:
        return role_words("hr")
    if isinstance(spec, Measure | Survey | Ledger):
        return role_words(spec.owner)
    if isinstance(spec, Incident):
        return _(", ").join(role_words(role) for role in spec.confirmed_by)
    return role_words(spec.by)


def unfit(scheme: Scheme, error: UnfitInputError) -> str:
    spec = scheme.inputs.get(error.key)
    name = error.key if spec is None else (spec.label.en if reader_is_english() else spec.label.zh)
    return _("The figure of “%(input)s” does not fit the scheme.") % {"input": name}
