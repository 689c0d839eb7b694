"""Handing documents in, and judging them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from appraisal.people.models import Person
from appraisal.records.files import examine
from appraisal.records.models import Deliverable, DocumentVersion
from appraisal.records.papers import judges
from appraisal.records.periods import Period
from appraisal.records.states import DocumentVerb
from appraisal.schemes.spec import Deliverable as DeliverableSpec
from workflow import engine
from workflow.errors import GuardRefused, NotAllowed

if TYPE_CHECKING:
    from appraisal.people.models import User

FULL = Decimal(100)


def documents_of(person: Person, period: Period, key: str, given: DeliverableSpec) -> list[Deliverable]:
    """What the scheme expects, in its order, then what else was handed in. Not yet asked for: not stored yet."""
    stored = {
        row.name: row
        for row in Deliverable.objects.filter(
            person=person, period_start=period.starts_on, period_end=period.ends_on, input_key=key
        ).select_related("person", "judged_by").prefetch_related("versions__handed_in_by").order_by("pk")
    }  # fmt: skip
    wanted = [
        stored.pop(name) if name in stored else document_named(person, period, key, given, name)
        for name in given.expected
    ]
    return [*wanted, *stored.values()]


def document_named(person: Person, period: Period, key: str, given: DeliverableSpec, name: str) -> Deliverable:
    if not name.strip() or (given.expected and name not in given.expected):
        raise GuardRefused(_("The scheme expects no document of this name."))
    found = Deliverable.objects.filter(
        person=person, period_start=period.starts_on, period_end=period.ends_on, input_key=key, name=name.strip()
    ).select_related("person").first()  # fmt: skip
    return found or Deliverable(
        person=person, period_start=period.starts_on, period_end=period.ends_on, input_key=key, by=given.by,
        name=name.strip()[:120],
    )  # fmt: skip


def _stored(document: Deliverable, user: User, at: datetime) -> Deliverable:
    if not document._state.adding:
        return document
    return engine.begin([document], DocumentVerb.EXPECT, acting_user=user, at=at)[0]


@transaction.atomic
def set_due_day(*, acting_user: User, at: datetime, document: Deliverable, due_on: date | None) -> Deliverable:
    """Those who judge a document say by when it is wanted."""
    if not judges(document, acting_user):
        raise NotAllowed(_("The day is set by a manager of the person or by HR."))
    document = _stored(document, acting_user, at)
    if document.due_on != due_on:
        Deliverable.objects.filter(pk=document.pk).update(due_on=due_on)
        document.due_on = due_on
        engine.record(document, "document.expected", acting_user=acting_user, at=at, data={"due": due_on})
    return document


@transaction.atomic
def hand_in(
    *, acting_user: User, at: datetime, document: Deliverable, file: UploadedFile[Any], version: int | None = None,
    key: str | None = None,
) -> Deliverable:  # fmt: skip
    """A new version. An older one stays readable."""
    examined = examine(file)
    document = _stored(document, acting_user, at)

    def keep(locked: Deliverable) -> None:
        locked.number += 1
        locked.handed_in_on = localdate(at)
        locked.judged_by, locked.judged_at, locked.quality, locked.note = None, None, None, ""
        stored = DocumentVersion(
            deliverable=locked, number=locked.number, name=examined.name, size=examined.size, sha256=examined.sha256,
            content_type=examined.content_type, handed_in_by=acting_user, handed_in_at=at,
        )  # fmt: skip
        # The stored name tells nothing and cannot be guessed; readers see the other one.
        stored.file.save(f"{uuid4().hex}{PurePosixPath(examined.name).suffix.lower()}", file, save=False)
        stored.save()

    return engine.perform(
        document, DocumentVerb.HAND_IN, acting_user=acting_user, at=at, version=version, key=key,
        data={"number": document.number + 1}, change=keep,
    ).subject  # fmt: skip


def accept(
    *, acting_user: User, at: datetime, document: Deliverable, quality: Decimal | None = None, note: str = "",
    version: int | None = None, key: str | None = None,
) -> Deliverable:  # fmt: skip
    """`quality` out of 100, where the scheme reckons with it. What came after its day is accepted late."""
    if quality is not None and not 0 <= quality <= FULL:
        raise GuardRefused(_("The quality is given from 0 to 100."))
    return _judge(DocumentVerb.ACCEPT, acting_user, at, document, quality, note, version, key)


def reject(
    *, acting_user: User, at: datetime, document: Deliverable, reason: str, version: int | None = None,
    key: str | None = None,
) -> Deliverable:  # fmt: skip
    return _judge(DocumentVerb.REJECT, acting_user, at, document, None, reason, version, key)


def _judge(
    verb: DocumentVerb, user: User, at: datetime, document: Deliverable, quality: Decimal | None, note: str,
    version: int | None, key: str | None,
) -> Deliverable:  # fmt: skip
    def change(locked: Deliverable) -> None:
        locked.judged_by, locked.judged_at, locked.quality, locked.note = user, at, quality, note.strip()

    return engine.perform(
        document, verb, acting_user=user, at=at, reason=note, version=version, key=key,
        data={"number": document.number}, change=change,
    ).subject  # fmt: skip
