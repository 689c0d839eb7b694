"""Writing the rows of a ledger, locking it, and opening it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appraisal.people.models import Person
from appraisal.records import rules
from appraisal.records.models import Ledger, LedgerRow
from appraisal.records.papers import keeps
from appraisal.records.periods import Period
from appraisal.records.states import LedgerVerb
from appraisal.schemes.spec import Ledger as LedgerSpec
from workflow import engine
from workflow.errors import Conflict, GuardRefused, NotAllowed, NotInThisState

if TYPE_CHECKING:
    from appraisal.people.models import User

TYPED = "typed"
BATCH = 1000
MOST_ROWS = 5000
Cells = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Entered:
    """A row to stand in the ledger; `pk` is the row that it was before."""

    cells: Cells
    pk: int | None = None
    source: str = TYPED


def ledger_of(person: Person, period: Period, key: str, given: LedgerSpec) -> Ledger:
    """The stored one, or one that is not stored yet."""
    found = Ledger.objects.filter(
        person=person, period_start=period.starts_on, period_end=period.ends_on, input_key=key
    ).select_related("person", "changed_by").first()  # fmt: skip
    return found or Ledger(
        person=person, period_start=period.starts_on, period_end=period.ends_on, input_key=key, owners=[given.owner]
    )


def current_rows(ledger: Ledger) -> list[LedgerRow]:
    return list(ledger.rows.filter(removed_at=None)) if ledger.pk else []


@transaction.atomic
def save_rows(*, acting_user: User, at: datetime, ledger: Ledger, rows: Sequence[Entered], edition: int) -> Ledger:
    """The rows as they shall stand, in order; a current row that is not among them is removed.

    `edition` is the one that the page was drawn from; another one by now is a Conflict. What changes nothing writes
    nothing.
    """
    locked = _locked(acting_user, at, ledger)
    if locked.edition != edition:
        raise Conflict(reason=_("Somebody else has changed this ledger since the page was opened."))
    if len(rows) > MOST_ROWS:
        raise GuardRefused(_("A ledger has at most %(most)s rows.") % {"most": MOST_ROWS})
    before = {row.pk: row for row in current_rows(locked)}
    kept = {entered.pk for entered in rows if entered.pk in before and before[entered.pk].cells == dict(entered.cells)}
    gone = [pk for pk in before if pk not in kept]
    fresh = [
        LedgerRow(ledger=locked, place=place, cells=dict(entered.cells), source=entered.source[:200],
                  entered_by=acting_user, entered_at=at)
        for place, entered in enumerate(rows, start=1)
        if entered.pk not in kept
    ]  # fmt: skip
    if not gone and not fresh:
        return locked
    changed = sum(entered.pk in before and entered.pk not in kept for entered in rows)
    removed = [before[pk] for pk in gone if pk not in {entered.pk for entered in rows}]
    LedgerRow.objects.filter(pk__in=gone).update(removed_by=acting_user, removed_at=at)
    LedgerRow.objects.bulk_create(fresh, batch_size=BATCH)
    locked.edition, locked.changed_at, locked.changed_by = edition + 1, at, acting_user
    locked.save(update_fields=["edition", "changed_at", "changed_by"])
    engine.record(
        locked, "ledger.changed", acting_user=acting_user, at=at,
        data={"new": len(fresh) - changed, "changed": changed, "removed": len(removed),
              "rows": [row.pk for row in removed]},
        personal={"removed": [row.cells for row in removed]} if removed else None,
    )  # fmt: skip
    return locked


def _locked(user: User, at: datetime, ledger: Ledger) -> Ledger:
    """The row of the ledger, held to the end of the transaction, while it takes changes from this user."""
    if not keeps(ledger, user):
        raise NotAllowed(_("This ledger is kept by its owner or by HR."))
    if rules.locked([rules.Slot(ledger.person_id, ledger.period_start, ledger.period_end)]):
        raise GuardRefused(str(rules.locked_verdict().reason), str(rules.locked_verdict().remedy))
    if ledger._state.adding:
        same = Ledger.objects.filter(
            person=ledger.person_id, period_start=ledger.period_start, period_end=ledger.period_end,
            input_key=ledger.input_key,
        ).first()  # fmt: skip
        ledger = same or engine.begin([ledger], LedgerVerb.BEGIN, acting_user=user, at=at)[0]
    held = Ledger.objects.select_for_update(of=("self",)).select_related("person").get(pk=ledger.pk)
    if held.is_locked:
        raise NotInThisState(_("This ledger is locked."), _("Its owner can unlock it with a reason."))
    return held


@transaction.atomic
def lock_ledger(
    *, acting_user: User, at: datetime, ledger: Ledger, given: LedgerSpec, version: int | None = None,
    key: str | None = None,
) -> Ledger:  # fmt: skip
    """From now on it counts, and takes no change. No rows is an answer too, unless the scheme asks for some.

    `given` is the input as `spec_in` has it, with its limit as a plain number.
    """
    held = _locked(acting_user, at, ledger)
    count = len(current_rows(held))
    if count < given.at_least_rows:
        raise GuardRefused(
            ngettext("At least %(count)d row is needed.", "At least %(count)d rows are needed.", given.at_least_rows)
            % {"count": given.at_least_rows}
        )
    most = None if given.at_most_rows is None else int(given.at_most_rows.value or 0)
    if most is not None and count > most:
        raise GuardRefused(
            ngettext("At most %(count)d row is possible.", "At most %(count)d rows are possible.", most)
            % {"count": most}
        )
    return engine.perform(
        held, LedgerVerb.LOCK, acting_user=acting_user, at=at, version=version if ledger.pk else None, key=key,
        data={"rows": count},
    ).subject  # fmt: skip


def unlock_ledger(
    *, acting_user: User, at: datetime, ledger: Ledger, reason: str, version: int | None = None, key: str | None = None
) -> Ledger:
    return engine.perform(
        ledger, LedgerVerb.UNLOCK, acting_user=acting_user, at=at, reason=reason, version=version, key=key
    ).subject
