"""Reading the engine: inboxes, histories, what somebody may do next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from workflow import fsm
from workflow.machine import Attempt, Machine, Transition, machine_of
from workflow.models import Fact, OnSubject, Subject, Visit, WorkItem
from workflow.refusals import not_allowed
from workflow.verdicts import Verdict, refused

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

Row = TypeVar("Row", bound=OnSubject)
Prefetch = Callable[[Sequence[Any]], None]


@dataclass(frozen=True)
class Choice:
    """A verb that a role of the user may use from here, and whether it would go through now."""

    machine: Machine
    transition: Transition
    attempt: Attempt
    # What has been hung on the subject already, shared by the choices of one page.
    loaded: set[Prefetch]

    @property
    def verb(self) -> str:
        return self.transition.verb

    @cached_property
    def verdict(self) -> Verdict:
        """What the guards read is loaded only when somebody asks."""
        prefetch = self.transition.prefetch
        if prefetch is not None and prefetch not in self.loaded:
            prefetch([self.attempt.subject])
            self.loaded.add(prefetch)
        return self.machine.verdict(self.attempt, self.transition)


def choices(subject: Subject, user: User, *, at: datetime, loaded: Iterable[Prefetch] = ()) -> list[Choice]:
    """The verbs to offer, in the order of the table; a refused one carries the reason for its disabled button.

    `loaded` names what the page has hung on the subject itself, so that no guard asks for it again.
    """
    machine, known = machine_of(subject), set(loaded)
    found: list[Choice] = []
    for verb in fsm.verbs_from(machine, subject.state):
        transition = machine.transition(verb)
        attempt = Attempt(subject, user, at, verb)
        if machine.permits(attempt, transition):
            found.append(Choice(machine, transition, attempt, known))
    return found


def may(subject: Subject, verb: str, user: User, *, at: datetime) -> Verdict:
    """Whether the door would let this user through now, with the reason if not."""
    machine = machine_of(subject)
    transition = machine.transition(verb)
    attempt = Attempt(subject, user, at, verb)
    if not machine.permits(attempt, transition):
        return refused(not_allowed(machine, transition).reason)
    if verb not in fsm.verbs_from(machine, subject.state):
        return refused(_("This is not the step for it."))
    if transition.prefetch is not None:
        transition.prefetch([subject])
    return machine.verdict(attempt, transition)


def may_many(subjects: Sequence[Subject], verb: str, user: User, *, at: datetime, reason: str = "") -> list[Verdict]:
    """The same for many subjects of one machine, in the order given, in a constant number of queries."""
    if not subjects:
        return []
    machine = machine_of(subjects[0])
    transition = machine.transition(verb)
    if transition.prefetch is not None:
        transition.prefetch(subjects)
    return [_would(machine, transition, Attempt(subject, user, at, verb, reason)) for subject in subjects]


def _would(machine: Machine, transition: Transition, attempt: Attempt) -> Verdict:
    if not machine.permits(attempt, transition):
        return refused(not_allowed(machine, transition).reason)
    if attempt.subject.state not in transition.sources:
        return refused(_("This is not the step for it."))
    return machine.verdict(attempt, transition)


def held_by(user: User, pools: Collection[str]) -> Q:
    return Q(holder=user) | Q(holder__isnull=True, pool__in=list(pools))


def inbox(user: User, pools: Collection[str]) -> QuerySet[WorkItem]:
    """Open work of the user and of the user's pools, the most urgent first."""
    return (
        WorkItem.objects.filter(held_by(user, pools), closed_at__isnull=True)
        .select_related("content_type")
        .order_by("due_at", "pk")
    )


def done_by(user: User) -> QuerySet[WorkItem]:
    return (
        WorkItem.objects.filter(closed_by=user, closed_at__isnull=False)
        .select_related("content_type")
        .order_by("-closed_at")
    )


def open_items(*subjects: Subject) -> QuerySet[WorkItem]:
    return WorkItem.objects.filter(_on(*subjects), closed_at__isnull=True).select_related("holder").order_by("due_at")


def history(*subjects: Subject) -> QuerySet[Fact]:
    """With several subjects in one reading; `about` picks one of them out."""
    return Fact.objects.filter(_on(*subjects)).select_related("actor").order_by("seq")


def about(subject: Subject, rows: Iterable[Row]) -> list[Row]:
    content_type = ContentType.objects.get_for_model(subject)
    return [row for row in rows if row.content_type_id == content_type.pk and row.object_id == subject.pk]


def visits_of(subjects: Sequence[Subject]) -> QuerySet[Visit]:
    content_type = ContentType.objects.get_for_model(subjects[0])
    return Visit.objects.filter(content_type=content_type, object_id__in=[subject.pk for subject in subjects]).order_by(
        "number", "pk"
    )


def open_visit(subject: Subject) -> Visit | None:
    return Visit.objects.filter(_on(subject), closed_at__isnull=True).first()


def _on(*subjects: Subject) -> Q:
    found = Q()
    for subject in subjects:
        found |= Q(content_type=ContentType.objects.get_for_model(subject), object_id=subject.pk)
    return found
