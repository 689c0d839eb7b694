"""The log: registered facts in past tense, chained by hash, and those who listen to them."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from workflow import copying
from workflow.machine import Happened
from workflow.models import Fact, Subject

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

    from workflow.verdicts import Text


@dataclass(frozen=True, slots=True)
class FactType:
    """`sentence` reads in both languages by gettext; it may name %(actor)s and any key of the fact's data.

    `terms` holds the words of data that is a code: {"answer": {"agreed": _("Agreed")}}.
    """

    name: str
    label: Text
    sentence: Text
    terms: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)


AN_APPOINTMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
A_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")


class UnknownFact(Exception):
    """A fact that nobody has registered cannot be written: failing to log fails the action."""


_types: dict[str, FactType] = {}
Listener = Callable[[Sequence[Happened]], None]
_listeners: dict[str, list[Listener]] = defaultdict(list)


def register(*fact_types: FactType) -> None:
    for fact_type in fact_types:
        known = _types.get(fact_type.name)
        if known is not None and known != fact_type:
            raise ValueError(f"The fact {fact_type.name!r} is registered twice.")
        _types[fact_type.name] = fact_type


def fact_type(name: str) -> FactType:
    try:
        return _types[name]
    except KeyError:
        raise UnknownFact(name) from None


def is_registered(name: str) -> bool:
    return name in _types


def subscribe(*names: str) -> Callable[[Listener], Listener]:
    """Calls the function once with all facts of these names that one act has caused, in its transaction."""

    def decorate(listener: Listener) -> Listener:
        for name in names:
            if listener not in _listeners[name]:
                _listeners[name].append(listener)
        return listener

    return decorate


def tell(happened: Sequence[Happened]) -> None:
    by_name: dict[str, list[Happened]] = defaultdict(list)
    for event in happened:
        by_name[event.fact.name].append(event)
    for name, events in by_name.items():
        for listener in _listeners[name]:
            listener(events)


def next_fact(
    subject: Subject,
    name: str,
    *,
    at: datetime,
    user: User | None,
    verb: str = "",
    from_state: str = "",
    reason: str = "",
    on_behalf_of: str = "",
    data: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> Fact:
    """The next line of the subject's chain, not yet stored; moves the head that stands on the subject."""
    fact_type(name)
    fact = copying.fresh(
        Fact,
        seq=subject.chain_length + 1,
        name=name,
        at=at,
        verb=verb,
        from_state=from_state,
        to_state=subject.state,
        actor_id=user.pk if user else None,
        actor_label=(user.get_full_name() or user.get_username()) if user else "",
        on_behalf_of=on_behalf_of,
        reason=reason,
        data=plain(data or {}),
        personal=plain(personal) if personal else None,
        personal_salt=secrets.token_hex(16),
        key=key,
        prev_hash=subject.chain_head,
    )
    fact.personal_digest = personal_digest(fact)
    fact.hash = chain_hash(fact, str(subject.chain_id))
    subject.chain_head = fact.hash
    subject.chain_length = fact.seq
    return fact


def store(facts: Sequence[tuple[Subject, Fact]]) -> None:
    """Writes the facts, bound to the subjects' primary keys."""
    bind(facts)
    copying.insert([fact for _subject, fact in facts])


def bind(facts: Sequence[tuple[Subject, Fact]]) -> None:
    content_type = ContentType.objects.get_for_model(facts[0][0])
    for subject, fact in facts:
        fact.content_type = content_type
        fact.object_id = subject.pk


class Plain(dict[str, Any]):
    """A fact's data as it is stored and read back. Many facts may share it; nobody changes it."""


def plain(value: Mapping[str, Any]) -> Plain:
    return value if isinstance(value, Plain) else Plain(json.loads(canonical(value)))


def canonical(value: Any) -> str:
    """One text for one value; decimals and dates go in as text, floats are refused."""
    return ENCODER.encode(value)


def _plain(value: Any) -> str:
    if isinstance(value, float):
        raise TypeError("Facts hold no floats.")
    return str(value)


ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def personal_digest(fact: Fact) -> str:
    text = canonical([fact.personal_salt, fact.actor_label, fact.on_behalf_of, fact.reason, fact.personal])
    return hashlib.sha256(text.encode()).hexdigest()


def chain_hash(fact: Fact, chain_id: str) -> str:
    text = canonical(
        [
            fact.prev_hash,
            chain_id,
            fact.seq,
            fact.name,
            fact.at.astimezone(UTC).isoformat(),
            fact.verb,
            fact.from_state,
            fact.to_state,
            fact.actor_id,
            fact.data,
            fact.personal_digest,
            fact.key,
        ]
    )
    return hashlib.sha256(text.encode()).hexdigest()


def sentence(fact: Fact) -> str:
    """What happened, in the reader's language."""
    kind = _types.get(fact.name)
    if kind is None:
        return fact.name
    actor = _actor(fact) or (_("The system") if fact.actor_id is None else _("Somebody (name removed)"))
    words = {key: terms[fact.data[key]] for key, terms in kind.terms.items() if fact.data.get(key) in terms}
    told = {key: _as_day(value) for key, value in {**fact.data, **(fact.personal or {})}.items()}
    known = {"actor": actor, "day": localtime(fact.at).date(), **told, **words}
    return str(kind.sentence) % defaultdict(str, known)


def _as_day(value: Any) -> Any:
    """A moment in a fact is kept as ISO text; people read its day, and of an appointment also the time."""
    if isinstance(value, str) and A_MOMENT.fullmatch(value):
        return date_format(localtime(datetime.fromisoformat(value)), "DATE_FORMAT")
    if isinstance(value, str) and AN_APPOINTMENT.fullmatch(value):
        agreed = datetime.fromisoformat(value)
        return f"{date_format(agreed, 'DATE_FORMAT')} {date_format(agreed, 'H:i')}"
    return value


def _actor(fact: Fact) -> str:
    """As the reader calls the account, where it was loaded with the fact and its name was not shredded."""
    known = Fact.actor.is_cached(fact) and fact.actor is not None
    return str(fact.actor) if fact.actor_label and known else fact.actor_label
