"""The letters of the ladder: reminders to who holds the work, escalations to those above, and a word to the late."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _

from appraisal.people import post
from appraisal.people.models import User
from appraisal.people.post import Desk, Draft, kind
from appraisal.people.states import Role
from appraisal.people.still_wanted import WORK_DUE, WORK_LATE
from appraisal.people.wording import in_both
from notifications.kinds import NoticeKind
from workflow.calendars import day_book, one_reading
from workflow.door import subjects_of
from workflow.machine import SYSTEM, Alarm
from workflow.models import Subject, WorkItem

if TYPE_CHECKING:
    from workflow.verdicts import Text

REMINDER = kind("work", "work.reminder", _("Reminder before something is due"), "digest", about_work=True)
DUE_TODAY = kind("work", "work.due_today", _("Something is due today"), "immediate", about_work=True)
OVERDUE = kind("work", "work.overdue", _("Something of yours is overdue"), "immediate", about_work=True)
ESCALATED = kind("work", "work.escalated", _("Work of somebody else is overdue"), "digest")
ESCALATION_TOLD = kind("work", "work.escalation_told", _("Others were told that you are late"), "immediate")
RIGHT_ENDS = kind("work", "work.right_ends", _("A right of yours ends soon"), "rights")

# To whom an escalation goes whose role nobody fills.
LAST_RESORT = Role.HR.value
RELATIONS: Mapping[str, Text] = {
    "employee": _("the employee"),
    "manager": _("the direct manager"),
    "second_level": _("the second-level manager"),
    "hr_partner": _("the HR partner of the unit"),
}


@dataclass(frozen=True, slots=True)
class Rung:
    """One alarm with what its letters need."""

    alarm: Alarm
    subject: Subject
    holders: Sequence[int]
    people: post.ByRole
    is_right: bool
    is_late: bool
    may_be_named: bool
    # Working days until the due day, or since.
    days: int

    @property
    def item(self) -> WorkItem:
        return self.alarm.item

    def draft(self, recipient: int, kind: NoticeKind, **context: Any) -> Draft:
        """A pool's letters about many share a slot, so that a second batch adds no second letter."""
        item, slot = self.item, self.alarm.slot
        assert item.due_at is not None
        return Draft(
            recipient,
            kind,
            self.subject,
            slot=f"{item.pk}:{slot}",
            shared_slot=f"{item.state}:{slot}:{item.due_at:%Y-%m-%d}" if item.holder_id is None else "",
            items=(item,),
            context={"due": item.due_at, "days": self.days, **context},
            still_wanted=WORK_LATE if kind is ESCALATED else WORK_DUE,
            until=item.due_at if kind in {REMINDER, DUE_TODAY, RIGHT_ENDS} else None,
        )


@one_reading()
def speak(alarms: Sequence[Alarm], at: datetime) -> None:
    """For a machine's `on_alarms`: a constant number of queries for all rungs of a sweep's batch.

    What one may do but need not is not asked for; only a right is reminded of.
    """
    spoken = [alarm for alarm in alarms if alarm.item.pool != SYSTEM and alarm.item.due_at is not None]
    if not spoken:
        return
    model = ContentType.objects.get_for_id(spoken[0].item.content_type_id).model_class()
    desk = post.desk_of(cast("type[Subject]", model))
    rungs = [rung for rung in _rungs(desk, spoken, at) if rung.is_right or not rung.item.optional]
    names = _names(rungs)
    drafts = [draft for rung in rungs for draft in _drafts(rung, names)]
    post.post(desk, drafts, at=at)


def _rungs(desk: Desk, alarms: Sequence[Alarm], at: datetime) -> Iterator[Rung]:
    subjects = subjects_of(desk.model, {alarm.item.object_id for alarm in alarms})
    roles = {alarm.role for alarm in alarms if alarm.kind == "escalate"}
    people = desk.people(list(subjects.values()), roles | {LAST_RESORT} if roles else roles)
    members = post.members_of(alarm.item for alarm in alarms)
    for alarm in alarms:
        item, subject = alarm.item, subjects[alarm.item.object_id]
        assert item.due_at is not None
        zone = ZoneInfo(item.due_rule["zone"])
        book = day_book(item.due_rule["calendar"])
        employee = desk.employee(subject)
        pool = [user for user in members.get(item.pool, ()) if user != employee]
        yield Rung(
            alarm,
            subject,
            holders=pool if item.holder_id is None else [item.holder_id],
            people=people[subject.pk],
            is_right=item.optional and item.holder_id is not None and desk.is_right(subject, item),
            is_late=at > item.due_at,
            may_be_named=desk.names_the_late(subject),
            days=abs(book.working_days_between(at.astimezone(zone).date(), item.due_at.astimezone(zone).date())),
        )


def _drafts(rung: Rung, names: Mapping[int, str]) -> Iterator[Draft]:
    if rung.alarm.kind == "remind":
        kind = RIGHT_ENDS if rung.is_right else _reminder(rung)
        yield from (rung.draft(holder, kind) for holder in rung.holders)
        return
    told = _told(rung)
    above = [user for user in told if user not in rung.holders and rung.may_be_named]
    yield from (rung.draft(user, OVERDUE) for user in told if user in rung.holders)
    held_by = _held_by(rung, names)
    yield from (rung.draft(user, ESCALATED, **held_by) for user in above)
    if above:
        whom = _role_words(rung.alarm.role, [names[user] for user in above])
        yield from (rung.draft(user, ESCALATION_TOLD, **whom) for user in rung.holders if user not in told)


def _reminder(rung: Rung) -> NoticeKind:
    if rung.is_late:
        return OVERDUE
    return REMINDER if rung.days else DUE_TODAY


def _told(rung: Rung) -> Sequence[int]:
    return rung.people.get(rung.alarm.role) or rung.people.get(LAST_RESORT, ())


def _names(rungs: Sequence[Rung]) -> Mapping[int, str]:
    """The names of those who are late and of those who are told of it."""
    ids: set[int] = set()
    for rung in rungs:
        if rung.alarm.kind == "escalate":
            ids.update(rung.holders, _told(rung))
    return {user.pk: str(user) for user in User.objects.filter(pk__in=ids)} if ids else {}


def _held_by(rung: Rung, names: Mapping[int, str]) -> dict[str, str]:
    """Who is late: a person by name, a pool by its name."""
    if rung.item.holder_id is not None:
        return {"holder": names[rung.item.holder_id]}
    return in_both("holder", _label(rung.item.pool.split(":")[0]))


def _role_words(role: str, names: Sequence[str]) -> dict[str, str]:
    """The role and, where it is one person, the name."""
    words = in_both("told", _label(role))
    return {**words, "told_name": names[0]} if len(names) == 1 else words


def _label(role: str) -> Text:
    return RELATIONS.get(role) or (Role(role).label if role in Role.values else role)
