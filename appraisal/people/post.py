"""The bridge from facts to letters: a room's table says who hears of a fact and in which words; this writes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.dateparse import parse_datetime

from appraisal.people.roles import users_in_pools
from appraisal.people.wording import Names, in_both, whom
from notifications import kinds, outbox
from notifications.kinds import NoticeKind, Urgency
from notifications.outbox import Letter
from workflow import copying, facts, visits
from workflow.machine import SYSTEM, Happened, machine_of
from workflow.models import Subject, WorkItem

if TYPE_CHECKING:
    from workflow.verdicts import Text

# Not relations to the subject, but to its open work: the people who hold it, and the members of the pools that do.
HOLDER, POOL = "holder", "pool"
# "fact:to_account": the account that the fact's data names under the key.
FROM_FACT = "fact:"

ByRole = Mapping[str, Sequence[int]]


@dataclass(frozen=True, eq=False)
class Desk:
    """What letters about one kind of subject need to know.

    `people` says whom each role means, by key of the subject; `name` is whom it is about, in Chinese and in English,
    `about` what every letter may tell, `page` where it leads, `duties` the work of each state in words.
    Letters of one act to one reader about subjects of one `bundle` (its type and key) become one letter. The employee
    and a pool read the bundle's name, not the person's.
    """

    model: type[Subject]
    people: Callable[[Sequence[Any], Collection[str]], Mapping[int, ByRole]]
    name: Callable[[Any], Names]
    page: Callable[[Any], str]
    bundle: Callable[[Any], tuple[str, int]]
    bundle_name: Callable[[Any], Names]
    employee: Callable[[Any], int | None] = lambda subject: None
    of_person: Callable[[Any], bool] = lambda subject: True  # and not a unit, for which the employee answers
    about: Callable[[Any], dict[str, str]] = lambda subject: {}
    duties: Mapping[str, Text] = field(default_factory=dict)
    # Whether the open work is a right whose reminders cannot be switched off.
    is_right: Callable[[Any, WorkItem], bool] = lambda subject, item: False
    # Whether others may be told that somebody is late.
    names_the_late: Callable[[Any], bool] = lambda subject: True


@dataclass(frozen=True, eq=False)
class Notice:
    """One row of a room's table. Of several rows for a fact, a reader gets the first that reaches them.

    `tells` names what the letter repeats of the fact: its reason, or keys of its data.
    """

    fact: str
    to: tuple[str, ...]
    kind: NoticeKind
    when: Callable[[Happened], bool] = lambda happened: True
    tells: tuple[str, ...] = ()
    # Nobody is told of their own act, except where a right of theirs begins with it.
    actor_too: bool = False
    still_wanted: str = ""
    # What of the letter's context is the moment after which it is of no use.
    until: str = ""
    # Where it leads, if not to the desk's page.
    page: Callable[[Any], str] | None = None


@dataclass(frozen=True, eq=False)
class Draft:
    """One reader and one subject, before letters that belong together are put together."""

    recipient_id: int
    kind: NoticeKind
    subject: Any
    slot: str
    # The slot of a letter about many that everybody of a pool gets once; then it names the bundle and not the people.
    shared_slot: str = ""
    items: Sequence[WorkItem] = ()
    context: Mapping[str, Any] = field(default_factory=dict)
    still_wanted: str = ""
    until: datetime | None = None
    page: Callable[[Any], str] | None = None


_desks: dict[type[Subject], Desk] = {}
_notices: dict[type[Subject], dict[str, list[Notice]]] = defaultdict(lambda: defaultdict(list))


def kind(room: str, name: str, label: Text, urgency: Urgency, *, about_work: bool = False) -> NoticeKind:
    """Registers a kind of notice whose templates are notices/<room>/<name with _ for .>.*"""
    template = f"notices/{room}/{name.replace('.', '_')}"
    return kinds.register(NoticeKind(name, label, urgency, template, about_work=about_work))


def announce(desk: Desk, *notices: Notice) -> None:
    _desks[desk.model] = desk
    for notice in notices:
        _notices[desk.model][notice.fact].append(notice)
        facts.subscribe(notice.fact)(write_letters)


def desk_of(model: type[Subject]) -> Desk:
    return _desks[model]


def desks() -> list[Desk]:
    return list(_desks.values())


def notices_of(model: type[Subject], fact: str) -> Sequence[Notice]:
    return _notices[model].get(fact, ())


def announced() -> set[str]:
    """The names of all facts of which somebody hears."""
    return {fact for table in _notices.values() for fact in table}


ANY_KEY = 987654321


def address(name: str, key: int) -> str:
    """The page's address, or the inbox where a room has no such page."""
    return _address(name, get_script_prefix()).replace(str(ANY_KEY), str(key))


@cache
def _address(name: str, script_prefix: str) -> str:
    """Found once for all: looking it up anew for each of thousands of letters takes long."""
    try:
        return reverse(name, args=[ANY_KEY])
    except NoReverseMatch:
        return reverse("home:inbox")


def write_letters(events: Sequence[Happened]) -> None:
    """All letters of one act in one statement, in the transaction of its facts."""
    model = type(events[0].subject)
    notices = notices_of(model, events[0].fact.name)
    if not notices:
        return
    desk = desk_of(model)
    roles = {role for notice in notices for role in notice.to}
    relations = {role for role in roles - {HOLDER, POOL} if not role.startswith(FROM_FACT)}
    people = desk.people([event.subject for event in events], relations)
    work = _work(events)
    members = members_of(item for items in work.values() for item in items) if POOL in roles else {}
    drafts = [
        draft
        for event in events
        for draft in _drafts(desk, event, notices, people[event.subject.pk], work[event.subject.pk], members)
    ]
    post(desk, drafts, at=events[0].fact.at)


def post(desk: Desk, drafts: Iterable[Draft], *, at: datetime) -> None:
    outbox.enqueue(letters(desk, drafts), at=at, insert=partial(copying.insert, ignore_conflicts=True))


def _work(events: Sequence[Happened]) -> Mapping[int, Sequence[WorkItem]]:
    """The work that the facts opened or, where they moved nothing, the work that was open already."""
    work: dict[int, list[WorkItem]] = defaultdict(list)
    if events[0].fact.verb:
        for event in events:
            work[event.subject.pk] += [item for item in event.items if item.pool != SYSTEM]
    else:
        for item in visits.open_items([event.subject for event in events]).exclude(pool=SYSTEM):
            work[item.object_id].append(item)
    return work


def members_of(items: Iterable[WorkItem]) -> Mapping[str, Sequence[int]]:
    return users_in_pools({item.pool for item in items if item.holder_id is None})


def _drafts(
    desk: Desk,
    event: Happened,
    notices: Sequence[Notice],
    people: ByRole,
    items: Sequence[WorkItem],
    members: Mapping[str, Sequence[int]],
) -> Iterator[Draft]:
    told: set[int] = set()
    actor = event.user.pk if event.user else None
    known = _known(event, items)
    for notice in notices:
        if not notice.when(event):
            continue
        context = {key: known[key] for key in ("state", "actor", *notice.tells) if known.get(key)}
        for recipient, item in _recipients(notice, event, people, items, members, desk.employee(event.subject)):
            if recipient in told or (recipient == actor and not notice.actor_too):
                continue
            told.add(recipient)
            yield Draft(
                recipient,
                notice.kind,
                event.subject,
                slot=str(event.fact.pk),
                items=(item,) if item else (),
                context={**context, "due": item.due_at} if item and item.due_at else context,
                still_wanted=notice.still_wanted,
                until=_moment(known.get(notice.until)),
                page=notice.page,
            )


def _known(event: Happened, items: Sequence[WorkItem]) -> dict[str, Any]:
    """What a letter may repeat of the fact."""
    due = max((item.due_at for item in items if item.due_at), default=None)
    told = {**event.fact.data, **(event.fact.personal or {})}
    fact = event.fact
    return {**told, "due": due, **_actor(event), "reason": fact.reason, "state": fact.to_state}


def _actor(event: Happened) -> dict[str, str]:
    name = event.fact.actor_label
    return {"actor_zh": name, "actor_en": getattr(event.user, "name_en", "") or name}


def _moment(value: Any) -> datetime | None:
    return parse_datetime(value) if isinstance(value, str) else value


def _recipients(
    notice: Notice,
    event: Happened,
    people: ByRole,
    items: Sequence[WorkItem],
    members: Mapping[str, Sequence[int]],
    employee: int | None,
) -> Iterator[tuple[int, WorkItem | None]]:
    for role in notice.to:
        if role == HOLDER:
            yield from ((item.holder_id, item) for item in items if item.holder_id and not item.optional)
        elif role == POOL:
            for item in items:
                if item.holder_id is None:
                    yield from ((user, item) for user in members[item.pool] if user != employee)
        elif role.startswith(FROM_FACT):
            account = event.fact.data.get(role.removeprefix(FROM_FACT))
            yield from ((account, None),) if account else ()
        else:
            yield from ((user, None) for user in people.get(role, ()))


def letters(desk: Desk, drafts: Iterable[Draft]) -> list[Letter]:
    """One letter for each reader, kind and bundle: who leads twelve people gets one about twelve, not twelve."""
    together: dict[tuple[Any, ...], list[Draft]] = defaultdict(list)
    for draft in drafts:
        own = desk.of_person(draft.subject) and draft.recipient_id == desk.employee(draft.subject)
        together[draft.recipient_id, draft.kind.name, desk.bundle(draft.subject), own].append(draft)
    return [_letter(desk, group, own=key[-1]) for key, group in together.items()]


def _letter(desk: Desk, group: Sequence[Draft], *, own: bool) -> Letter:
    first, subjects = group[0], list({draft.subject.pk: draft.subject for draft in group}.values())
    alone = len(subjects) == 1
    shared = "" if alone else first.shared_slot
    names = [desk.name(subject) for subject in subjects]
    if own or shared:
        names = [desk.bundle_name(first.subject)]
    subject_type, subject_id = (machine_of(desk.model).name, subjects[0].pk) if alone else desk.bundle(subjects[0])
    return Letter(
        recipient_id=first.recipient_id,
        kind=first.kind.name,
        subject_type=subject_type,
        subject_id=subject_id,
        slot=shared or first.slot,
        context={
            **desk.about(first.subject),
            **duty_words(desk, first.items[0].state if first.items else first.subject.state),
            **first.context,
            **whom(names),
            "own": own,
            "work": [[item.pk, item.due_at.isoformat() if item.due_at else ""] for d in group for item in d.items],
        },
        link=(first.page or desk.page)(first.subject) if alone else reverse("home:inbox"),
        deadline=first.until,
        still_wanted=first.still_wanted,
    )


@cache
def duty_words(desk: Desk, state: str) -> Mapping[str, str]:
    return in_both("step", desk.duties.get(state) or machine_of(desk.model).states(state).label)
