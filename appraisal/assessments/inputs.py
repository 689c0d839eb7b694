"""The figures that appraisals are scored from, each with who gave it, when and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.assessments.models import RatingRequest, Review
from appraisal.assessments.naming import in_both, roles_in_both
from appraisal.assessments.rules import load_papers, papers_of, rated_by, rated_by_others
from appraisal.assessments.states import STILL_OUT, RequestState, Writer
from appraisal.assessments.tables import tables_of
from appraisal.cycles.models import Appraisal
from appraisal.cycles.process import scheme_of
from appraisal.cycles.timing import period_end
from appraisal.records.models import Actual, Incident
from appraisal.records.queries import figures_of, incidents_of
from appraisal.records.typed import loaded
from appraisal.schemes.spec import Incident as IncidentSpec
from appraisal.schemes.spec import Measure as MeasureSpec
from appraisal.schemes.spec import Survey as SurveySpec
from appraisal.scoring.decimals import CONTEXT, HUNDRED
from appraisal.scoring.inputs import (
    Absent,
    Given,
    IncidentItem,
    Incidents,
    Measure,
    Ratings,
    Source,
    SurveyFigure,
    Told,
)

# How a figure came in. Kept for good, so in both languages: `in_both`.
SELF_RATING = gettext_lazy("self-review")
MANAGER_RATING = gettext_lazy("manager's score")
RATER_RATING = gettext_lazy("invited rating")
AUDIT = gettext_lazy("joint audit")
NOBODY_RATED = gettext_lazy("nobody who was asked has rated")

WRITERS = {"employee": (Writer.EMPLOYEE, SELF_RATING), "manager": (Writer.MANAGER, MANAGER_RATING)}
Points = Mapping[str, Decimal]


def gather_inputs(appraisals: Sequence[Appraisal]) -> dict[int, dict[str, Given]]:
    """What is known of each appraisal, by input key, in a constant number of queries. What is not known is left out.

    The names of anonymous raters never enter.
    """
    if fresh := [appraisal for appraisal in appraisals if not hasattr(appraisal, "papers")]:
        load_papers(fresh)
    figures, incidents, tables = figures_of(appraisals), incidents_of(appraisals), tables_of(appraisals)
    return {
        appraisal.pk: {
            **_figures(appraisal, figures[appraisal.pk]),
            **_incidents(appraisal, incidents[appraisal.pk]),
            **tables[appraisal.pk],
            **_own_ratings(appraisal),
            **_invited_ratings(appraisal),
        }
        for appraisal in appraisals
    }


def _figures(appraisal: Appraisal, figures: Mapping[str, Actual]) -> dict[str, Given]:
    found: dict[str, Given] = {}
    for key, spec in scheme_of(appraisal.track).inputs.items():
        figure = figures.get(key)
        if figure is None:
            continue
        source = Source(str(figure.entered_by), figure.entered_at, figure.source)
        if figure.is_absent:
            found[key] = Absent(figure.note or figure.source, source)
        elif isinstance(spec, MeasureSpec):
            found[key] = _measure(spec, figure, source)
        elif isinstance(spec, SurveySpec) and figure.actual is not None:
            found[key] = SurveyFigure(_survey_points(figure), figure.answers or 0, source)
    return found


def _measure(spec: MeasureSpec, figure: Actual, source: Source) -> Given:
    if figure.actual is not None:
        return Measure(figure.actual, source, figure.target, figure.split)
    fact = loaded(spec.type, figure.told)
    assert fact is not None
    assert not isinstance(fact, Decimal)
    return Told(fact, source)


def _survey_points(figure: Actual) -> Decimal:
    """A net promoter score anew from its answers: what is stored of it is rounded."""
    assert figure.actual is not None
    if figure.promoters is None or not figure.answers:
        return figure.actual
    net = Decimal(figure.promoters - (figure.detractors or 0))
    return CONTEXT.divide(net * HUNDRED, Decimal(figure.answers))


def _incidents(appraisal: Appraisal, incidents: Sequence[Incident]) -> dict[str, Given]:
    return {
        key: Incidents(
            tuple(
                IncidentItem(one.happened_on, one.kind, one.severity, str(one.pk))
                for one in incidents
                if one.input_key == key
            ),
            _audit_source(appraisal, spec, [one for one in incidents if one.input_key == key]),
        )
        for key, spec in scheme_of(appraisal.track).inputs.items()
        if isinstance(spec, IncidentSpec)
    }


def _audit_source(appraisal: Appraisal, spec: IncidentSpec, incidents: Sequence[Incident]) -> Source:
    """Who confirmed; without incidents the functions that would have."""
    moments = [one.decided_at for one in incidents if one.decided_at is not None]
    names = list(dict.fromkeys(str(one.decided_by) for one in incidents if one.decided_by is not None))
    return Source(
        _(", ").join(names) or roles_in_both(spec.confirmed_by),
        max(moments) if moments else period_end(appraisal),
        in_both(AUDIT),
    )


def _own_ratings(appraisal: Appraisal) -> dict[str, Given]:
    """What the employee and the manager give in their own reviews."""
    found: dict[str, Given] = {}
    reviews = papers_of(appraisal).reviews
    people = {"employee": appraisal.employee, "manager": appraisal.manager}
    for role, (writer, how) in WRITERS.items():
        review = reviews.get(writer)
        for key in rated_by(appraisal, role):
            points = points_of(review, key)
            if points is not None and review is not None:
                when = review.saved_at or period_end(appraisal)
                found[key] = Ratings((points,), (Source(str(people[role] or ""), when, in_both(how)),))
    return found


def points_of(review: Review | None, key: str) -> Decimal | None:
    written = str((review.entries if review else {}).get(key, {}).get("points") or "")
    return Decimal(written) if written else None


def _invited_ratings(appraisal: Appraisal) -> dict[str, Given]:
    """Only once everybody asked has answered, declined or run out of time: means that change one by one name raters."""
    found: dict[str, Given] = {}
    for key, spec in rated_by_others(appraisal).items():
        asked = [request for request in papers_of(appraisal).requests if request.input_key == key]
        if asked and not any(request.state in STILL_OUT for request in asked):
            found[key] = _joined(asked, anonymous=spec.anonymous, when=period_end(appraisal))
    return found


def _joined(asked: Sequence[RatingRequest], *, anonymous: bool, when: datetime) -> Given:
    given = [request for request in asked if request.state == RequestState.SUBMITTED]
    points = [(request.points, request) for request in given if request.points is not None]
    if not points:
        return Absent(in_both(NOBODY_RATED), Source("", when, in_both(RATER_RATING)))
    if anonymous:
        return Ratings(tuple(sorted(value for value, _request in points)), ())
    sources = tuple(
        Source(str(request.rater), request.saved_at or when, in_both(RATER_RATING)) for _value, request in points
    )
    return Ratings(tuple(value for value, _request in points), sources)
