"""Uploading a table of figures and confirming the difference it makes: all of it or nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from appraisal.records import rules
from appraisal.records.actions import Entry, lock_register, record, write_figures
from appraisal.records.imports.plan import Line, Plan, make_plan
from appraisal.records.known import known_inputs
from appraisal.records.models import FigureImport
from workflow.errors import Conflict, GuardRefused, NotAllowed

if TYPE_CHECKING:
    from appraisal.people.models import User

KEPT_FOR = timedelta(days=1)


def demand_owner(user: User, at: datetime) -> None:
    if not rules.owned_inputs(user, known_inputs(localdate(at))):
        raise NotAllowed(_("Figures are imported by their owners or by HR."))


def demand_own(user: User, upload: FigureImport) -> None:
    """Another owner's file may hold figures that are not for this user."""
    if upload.uploaded_by_id != user.pk:
        raise NotAllowed(_("Another person has uploaded this file."))


def store_figures(*, acting_user: User, at: datetime, content: bytes, file_name: str) -> FigureImport:
    """Keeps the file until it is confirmed, at most a day."""
    demand_owner(acting_user, at)
    FigureImport.objects.filter(applied_at=None, uploaded_at__lt=at - KEPT_FOR).delete()
    return FigureImport.objects.create(
        uploaded_by=acting_user, uploaded_at=at, file_name=file_name[:200], content=content
    )


def check_figures(*, acting_user: User, at: datetime, upload: FigureImport) -> Plan:
    """The dry run. Raises Unreadable."""
    demand_owner(acting_user, at)
    demand_own(acting_user, upload)
    return make_plan(bytes(upload.content), user=acting_user, on=localdate(at))[0]


@transaction.atomic
def confirm_figures(*, acting_user: User, at: datetime, upload: FigureImport, digest: str) -> dict[str, int]:
    """Writes exactly the difference with this digest, or nothing. A repeated click changes nothing."""
    demand_owner(acting_user, at)
    demand_own(acting_user, upload)
    register = lock_register()
    upload = FigureImport.objects.select_for_update().get(pk=upload.pk)
    if upload.applied_at is not None:
        return dict(upload.counts)
    plan = make_plan(bytes(upload.content), user=acting_user, on=localdate(at))[0]
    if plan.problems:
        raise GuardRefused(_("The file has errors. Nothing has been imported."))
    if plan.digest != digest:
        raise Conflict(reason=_("Figures have changed since the difference was shown. Please look at the new one."))
    write_figures([_entry(line, upload) for line in plan.lines], acting_user=acting_user, at=at)
    upload.applied_at, upload.counts, upload.content = at, plan.counts, b""
    upload.save(update_fields=["applied_at", "counts", "content"])
    record(
        register, "figures.imported", acting_user=acting_user, at=at, file=upload.file_name, **plan.counts,
        periods=sorted({line.period.code for line in plan.lines}),
    )  # fmt: skip
    return plan.counts


def _entry(line: Line, upload: FigureImport) -> Entry:
    note = line.note
    if line.before is not None and not note:
        note = _("Corrected by an imported table.")
    source = f"{upload.file_name[:180]} #{line.line}"
    before = line.before.pk if line.before else None
    return Entry(line.person.pk, line.period, line.figure.key, line.values, source, note, before)


def discard_figures(*, acting_user: User, upload: FigureImport) -> None:
    FigureImport.objects.filter(pk=upload.pk, uploaded_by=acting_user, applied_at=None).delete()
