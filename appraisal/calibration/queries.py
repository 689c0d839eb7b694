"""What a session looks at, as its board and its table show it; never the reader's own result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from appraisal.assessments.rules import indicators_of, may_read_manager_review, may_read_self_review, papers_of
from appraisal.assessments.states import Writer
from appraisal.calibration import rules
from appraisal.calibration.distribution import Severity, Spread, severities, spread
from appraisal.calibration.models import CalibrationDecision, CalibrationSession
from appraisal.calibration.states import ENDED, RUNNING, SessionState, Ties
from appraisal.cycles.models import Appraisal, AppraisalCycle
from appraisal.cycles.process import scheme_of
from appraisal.cycles.queries import visible_to
from appraisal.cycles.rules import is_employee
from appraisal.cycles.states import Step
from appraisal.people.models import OrgUnit, Person
from workflow.verdicts import Verdict

if TYPE_CHECKING:
    from appraisal.people.models import User


@dataclass(frozen=True, slots=True)
class Card:
    """One person: the manager's grade, what was decided, and whether this reader may decide."""

    appraisal: Appraisal
    decision: CalibrationDecision | None
    verdict: Verdict
    grades: tuple[str, ...]

    @property
    def grade(self) -> str:
        return self.decision.to_grade if self.decision else self.appraisal.review_grade

    @property
    def changed(self) -> bool:
        return self.decision is not None and self.decision.is_change

    @property
    def seen(self) -> int:
        return self.decision.pk if self.decision else 0


@dataclass(frozen=True, slots=True)
class Gathering:
    """The people of a session, or of one unit of it. `has_own`: the reader's own appraisal is among them, unseen."""

    cards: Sequence[Card]
    grades: tuple[str, ...]
    now: Spread
    before: Spread
    units: Sequence[OrgUnit]
    unit: OrgUnit | None
    has_own: bool

    @property
    def undecided(self) -> int:
        return sum(card.decision is None for card in self.cards)

    @property
    def columns(self) -> list[tuple[str, list[Card]]]:
        return [(grade, [card for card in self.cards if card.grade == grade]) for grade in self.grades]

    def severities(self) -> list[Severity[Person]]:
        scores = [
            (card.appraisal.manager, card.appraisal.review_score)
            for card in self.cards
            if card.appraisal.manager is not None and card.appraisal.review_score is not None
        ]
        return sorted(severities(scores), key=lambda row: row.who.number)


def sessions_visible_to(user: User) -> QuerySet[CalibrationSession]:
    rows = CalibrationSession.objects.select_related("cycle", "org_unit", "facilitator")
    return rows if rules.may_run_sessions(user) else rows.none()


def gather(session: CalibrationSession, user: User, *, unit: int | None = None) -> Gathering:
    """Two queries for any number of people."""
    rows = list(
        visible_to(user).filter(pk__in=rules.appraisals_of(session).values("pk")).order_by("-review_score", "pk")
    )
    shown = [row for row in rows if not is_employee(row, user)]
    has_own = len(shown) < len(rows)
    units = sorted({row.org_unit for row in shown}, key=lambda one: one.path)
    chosen = next((one for one in units if one.pk == unit), None)
    if chosen is not None:
        shown = [row for row in shown if row.org_unit == chosen]
    cards = cards_of(shown, user)
    grades = _all_grades(cards)
    return Gathering(
        cards, grades, _spread(session, [card.grade for card in cards], grades),
        _spread(session, [row.review_grade for row in shown], grades), units, chosen, has_own,
    )  # fmt: skip


def cards_of(appraisals: Sequence[Appraisal], user: User) -> list[Card]:
    rules.load_decisions(appraisals)
    return [
        Card(row, row.calibration_decision, rules.may_calibrate(row, user), rules.grades_for(row))  # type: ignore[attr-defined]
        for row in appraisals
    ]


def _all_grades(cards: Sequence[Card]) -> tuple[str, ...]:
    """Every grade of the schemes in the session, best first; a grade that no scheme has any more comes last."""
    found: dict[str, None] = {}
    for scheme_grades in dict.fromkeys(card.grades for card in cards):
        found |= dict.fromkeys(scheme_grades)
    return tuple(found | dict.fromkeys(card.grade for card in cards))


def _spread(session: CalibrationSession, given: Sequence[str], grades: Sequence[str]) -> Spread:
    shares = {grade: Decimal(share) for grade, share in session.guideline.items()}
    return spread(
        given, grades, shares, smallest_group=session.smallest_group, ties_to_higher=session.ties == Ties.HIGHER
    )


@dataclass(frozen=True, slots=True)
class SessionLine:
    session: CalibrationSession
    people: int
    decided: int


@dataclass(frozen=True, slots=True)
class SessionList:
    """`outside` are in calibration, but no session looks at them."""

    lines: Sequence[SessionLine]
    outside: int


def sessions_of(cycle: AppraisalCycle, user: User) -> SessionList:
    """Three queries for any number of sessions."""
    sessions = list(sessions_visible_to(user).filter(cycle=cycle).order_by("pk"))
    decided = CalibrationDecision.objects.filter(appraisal=OuterRef("pk"), is_current=True)
    waiting = list(
        Appraisal.objects.filter(cycle=cycle, state=Step.CALIBRATING)
        .annotate(decided=Exists(decided))
        .values_list("org_unit__path", "decided")
    )
    done = dict(
        CalibrationDecision.objects.filter(session__in=sessions, session__state=SessionState.FINALISED, is_current=True)
        .values_list("session")
        .annotate(Count("pk"))
    )
    lines = [_line(session, waiting, done) for session in sessions]
    running = [session for session in sessions if session.state in RUNNING]
    outside = sum(not any(path.startswith(_path(session)) for session in running) for path, _decided in waiting)
    return SessionList(lines, outside)


def _path(session: CalibrationSession) -> str:
    return session.org_unit.path if session.org_unit else ""


def _line(
    session: CalibrationSession, waiting: Sequence[tuple[str, bool]], done: Mapping[int | None, int]
) -> SessionLine:
    if session.state in ENDED:
        count = done.get(session.pk, 0)
        return SessionLine(session, count, count)
    inside = [decided for path, decided in waiting if path.startswith(_path(session))]
    return SessionLine(session, len(inside), sum(inside))


@dataclass(frozen=True, slots=True)
class Remark:
    """What both wrote about one indicator."""

    label: str
    employee: str
    manager: str


def words_about(appraisal: Appraisal, user: User) -> dict[str, Any]:
    """The manager's words and the self-review, as they were handed in and as far as the reader may read them."""
    own = _handed_in(appraisal, Writer.EMPLOYEE, may_read_self_review(appraisal, user))
    manager = _handed_in(appraisal, Writer.MANAGER, may_read_manager_review(appraisal, user))
    remarks = [
        Remark(
            leaf.label.en if get_language() == "en" else leaf.label.zh, _said(own, leaf.key), _said(manager, leaf.key)
        )
        for leaf in indicators_of(appraisal)
    ]
    return {"own": own, "manager": manager, "remarks": [row for row in remarks if row.employee or row.manager]}


def _handed_in(appraisal: Appraisal, writer: Writer, verdict: Verdict) -> Mapping[str, Any]:
    review = papers_of(appraisal).reviews.get(writer)
    return (review.handed_in if review is not None and verdict else None) or {}


def _said(content: Mapping[str, Any], key: str) -> str:
    return str(content.get("entries", {}).get(key, {}).get("comment", ""))


def decisions_on(appraisal: Appraisal) -> list[CalibrationDecision]:
    """The current one first, then those that were replaced."""
    rows = CalibrationDecision.objects.filter(appraisal=appraisal).select_related("by", "session")
    return list(rows.order_by("-is_current", "-pk"))


def may_decide_in(session: CalibrationSession, card: Card) -> Verdict:
    """Whether the session takes a decision of this reader on the person now."""
    open_now = rules.takes_decisions(session)
    return card.verdict if open_now else open_now


def grade_labels(appraisal: Appraisal) -> list[tuple[str, str]]:
    """The grades of the scheme as choices, each with the scheme's word for it where that says more."""
    english, given = get_language() == "en", appraisal.review_grade
    grades = scheme_of(appraisal.track).grades
    words = {band.grade: band.label.en if english else band.label.zh for band in grades.bands} if grades else {}
    said = {
        grade: grade if words.get(grade, grade).startswith(grade) else f"{grade} · {words[grade]}"
        for grade in rules.grades_for(appraisal)
    }
    said[given] = _("%(grade)s (the manager's)") % {"grade": said.get(given, given) or "—"}
    return list(said.items())
