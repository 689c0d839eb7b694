"""Uploading a list of people and confirming the difference it makes."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.people import rules
from appraisal.people.actions import close_accounts_of_leavers, demand, lock_register, record
from appraisal.people.imports.apply import apply_plan
from appraisal.people.imports.plan import Plan, make_plan
from appraisal.people.models import PeopleImport, User
from workflow.errors import Conflict, GuardRefused

SALT = "appraisal.people.imports"
KEPT_FOR = timedelta(days=1)


def store_upload(
    *, acting_user: User, at: datetime, content: bytes, file_name: str, effective_on: date
) -> PeopleImport:
    """Keeps the file until it is confirmed, at most a day: it is full of personal data."""
    demand(rules.may_keep_people(acting_user))
    PeopleImport.objects.filter(applied_at=None, uploaded_at__lt=at - KEPT_FOR).delete()
    return PeopleImport.objects.create(
        uploaded_by=acting_user,
        uploaded_at=at,
        file_name=file_name[:200],
        digest=hashlib.sha256(content).hexdigest(),
        content=content,
        effective_on=effective_on,
    )


def check_upload(*, acting_user: User, upload: PeopleImport) -> Plan:
    """The dry run. Raises Unreadable."""
    demand(rules.may_keep_people(acting_user))
    return make_plan(bytes(upload.content), on=upload.effective_on)[0]


def token_of(upload: PeopleImport, plan: Plan) -> str:
    """Bound to the file and to the difference that was shown."""
    return signing.dumps([upload.pk, upload.digest, plan.digest], salt=SALT)


@transaction.atomic
def confirm_upload(*, acting_user: User, at: datetime, upload: PeopleImport, token: str) -> dict[str, int]:
    """Applies exactly what was shown, or nothing. Raises GuardRefused or Conflict."""
    demand(rules.may_keep_people(acting_user))
    register = lock_register()
    upload = PeopleImport.objects.select_for_update().get(pk=upload.pk)
    if upload.applied_at is not None:
        raise GuardRefused(_("This file has already been imported."))
    plan, known = make_plan(bytes(upload.content), on=upload.effective_on)
    if plan.problems:
        raise GuardRefused(_("The file has errors. Nothing has been imported."))
    if not _fits(token, upload, plan):
        raise Conflict(reason=_("People have changed since the difference was shown. Please look at the new one."))
    apply_plan(plan, known)
    upload.applied_at, upload.counts, upload.content = at, plan.counts, b""
    upload.save(update_fields=["applied_at", "counts", "content"])
    record(
        register, "people.imported", acting_user=acting_user, at=at, file=upload.digest[:12],
        on=upload.effective_on, **plan.counts,
    )  # fmt: skip
    close_accounts_of_leavers(at=at)
    return plan.counts


def _fits(token: str, upload: PeopleImport, plan: Plan) -> bool:
    try:
        shown = signing.loads(token, salt=SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return False
    return bool(shown == [upload.pk, upload.digest, plan.digest])


def discard_upload(*, acting_user: User, upload: PeopleImport) -> None:
    demand(rules.may_keep_people(acting_user))
    PeopleImport.objects.filter(pk=upload.pk, applied_at=None).delete()
