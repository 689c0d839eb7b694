"""Every letter that would go out on a track if everybody acted on the last day: to whom, when, in which words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from appraisal.assessments.naming import role_words
from appraisal.cycles.desks import APPRAISAL, about
from appraisal.cycles.models import Appraisal, AppraisalCycle, Track
from appraisal.cycles.process import rule_of
from appraisal.cycles.states import Step
from appraisal.people import ladder, post
from appraisal.people.states import Role
from appraisal.people.wording import in_both
from appraisal.procedure.duties import duties
from appraisal.procedure.timeline import ZONE, Message, PlannedStep, preview_timeline
from notifications.kinds import NoticeKind
from notifications.rendering import fill, one_line, revive
from workflow.calendars import day_book, one_reading
from workflow.machine import SYSTEM, Happened
from workflow.models import Fact, WorkItem

# The fact with which a step of the typical path ends, and the next begins.
ENDS = {
    Step.PLANNING: "targets.agreed",
    Step.TRACKING: "review.started",
    Step.SELF_REVIEW: "self_review.submitted",
    Step.SCORING: "score.submitted",
    Step.COUNTERSIGNING: "appraisal.countersigned",
    Step.CALIBRATING: "calibration.confirmed",
    Step.DECIDED: "result.released",
    Step.INTERVIEWING: "interview.closed",
}
# Stand for three accounts that an appraisal does not have before its launch.
EMPLOYEE, MANAGER, SECOND_LEVEL = -1, -2, -3
ROLES = {EMPLOYEE: "employee", MANAGER: "manager", SECOND_LEVEL: "second_level"}


@dataclass(frozen=True, slots=True)
class PlannedLetter:
    """`subject` is its subject line in the language of whoever looks; `kind` says how urgent it is."""

    day: date
    step: Step
    role: str
    kind: NoticeKind
    subject: str

    @property
    def to(self) -> str:
        return role_words(self.role)


def preview_notices(cycle: AppraisalCycle, *, at: datetime) -> list[tuple[Track, list[PlannedLetter]]]:
    """For each track of a draft, in order of the days."""
    planned = []
    for track in cycle.tracks.order_by("pk"):
        track.cycle = cycle
        planned.append((track, track_letters(track, at=at)))
    return planned


@one_reading()
def track_letters(track: Track, *, at: datetime) -> list[PlannedLetter]:
    walk = [row for row in preview_timeline(track, at=at) if row.is_on and row.step != Step.APPEALED]
    letters: list[PlannedLetter] = []
    for before, row in zip([None, *walk], walk, strict=False):
        fact = "appraisal.launched" if before is None else ENDS[before.step]
        letters += [*_opening(track, row, fact), *letters_for_step(track, row)]
    return sorted(letters, key=lambda letter: letter.day)


def letters_for_step(track: Track, row: PlannedStep) -> Iterator[PlannedLetter]:
    """The ladder of one step, from its dates."""
    book = day_book(track.cycle.calendar_id)
    for message in row.messages:
        days = abs(book.working_days_between(message.day, row.due)) if row.due else 0
        for role, kind in _rung(track, row, message):
            yield PlannedLetter(message.day, row.step, role, kind, _subject(track, row, role, kind, days))


def _rung(track: Track, row: PlannedStep, message: Message) -> Iterator[tuple[str, NoticeKind]]:
    rule = rule_of(track, row.step)
    if message.kind == "remind" and row.due is not None:
        if rule is not None and rule.rights:
            yield message.role, ladder.RIGHT_ENDS
        elif message.day == row.due:
            yield message.role, ladder.DUE_TODAY
        else:
            yield message.role, ladder.REMINDER if message.day < row.due else ladder.OVERDUE
    elif message.kind == "escalate" and message.role in row.holders:
        yield message.role, ladder.OVERDUE
    elif message.kind == "escalate":
        yield message.role, ladder.ESCALATED
        yield from ((holder, ladder.ESCALATION_TOLD) for holder in row.holders)


def _opening(track: Track, row: PlannedStep, fact: str) -> Iterator[PlannedLetter]:
    """What the fact that leads into the step is told to whom; the first row that reaches a reader counts."""
    event = _event(track, row, fact)
    told: set[str] = set()
    for notice in post.notices_of(Appraisal, fact):
        if not notice.when(event):
            continue
        for role in _roles(notice.to, event.items):
            if role not in told and row.begins is not None:
                told.add(role)
                yield PlannedLetter(row.begins, row.step, role, notice.kind, _subject(track, row, role, notice.kind))


def _event(track: Track, row: PlannedStep, fact: str) -> Happened:
    typical = Appraisal(
        cycle=track.cycle, track=track, zone=ZONE, state=row.step, employee_account_id=EMPLOYEE,
        manager_account_id=MANAGER, second_level_account_id=SECOND_LEVEL,
    )  # fmt: skip
    begins = datetime.combine(row.begins or track.cycle.ends_on, datetime.min.time(), tzinfo=ZoneInfo(ZONE))
    items = [
        WorkItem(holder_id=duty.holder_id, pool=duty.pool, optional=duty.optional)
        for duty in duties(typical, begins)
        if duty.pool != SYSTEM
    ]
    return Happened(Fact(name=fact, to_state=row.step), typical, None, items)


def _roles(to: Sequence[str], items: Sequence[WorkItem]) -> Iterator[str]:
    for role in to:
        if role == post.HOLDER:
            yield from (ROLES[item.holder_id] for item in items if item.holder_id and not item.optional)
        else:
            yield role


def _subject(track: Track, row: PlannedStep, role: str, kind: NoticeKind, days: int = 0) -> str:
    """The subject line with the employee unnamed; the employee and pools read the cycle's name there."""
    frame = about(Appraisal(cycle=track.cycle))
    by_name = role != "employee" and role not in Role.values
    whom = {"whom_zh": frame["cycle_zh"], "whom_en": frame["cycle_en"]}
    if by_name:
        whom = in_both("whom", _("each employee"))
    context = {**frame, **post.duty_words(APPRAISAL, row.step), **whom, "days": days, "state": row.step.value}
    return one_line(fill(f"{kind.template}.subject.txt", revive(context, get_language() or ""), autoescape=False))
