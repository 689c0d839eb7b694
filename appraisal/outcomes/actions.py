"""Deciding on what follows from a result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.cycles.models import Appraisal
from appraisal.cycles.process import scheme_of
from appraisal.outcomes import rules
from appraisal.outcomes.models import OutcomeProposal
from appraisal.outcomes.proposing import set_amount
from appraisal.outcomes.states import OutcomeKind, OutcomeState
from workflow import engine
from workflow.errors import Conflict, GuardRefused, NotAllowed, Refusal
from workflow.verdicts import Verdict, refused

if TYPE_CHECKING:
    from appraisal.people.models import User

RELATED = ("appraisal__track", "appraisal__cycle", "appraisal__employee")


@dataclass(slots=True)
class Done:
    """Of many: what was done, and what was refused with which reason."""

    done: list[OutcomeProposal] = field(default_factory=list)
    refused: list[tuple[OutcomeProposal, str]] = field(default_factory=list)


def set_base(
    *, acting_user: User, at: datetime, proposal: OutcomeProposal, base: Decimal, month_salary: Decimal | None = None
) -> OutcomeProposal:
    """The amount follows from the base. It can be put right until it is approved."""
    done = set_bases(
        acting_user=acting_user, at=at, proposals=[proposal], base=base, month_salary=month_salary, strict=True
    )
    return done.done[0]


@transaction.atomic
def set_bases(
    *,
    acting_user: User,
    at: datetime,
    proposals: Sequence[OutcomeProposal],
    base: Decimal,
    month_salary: Decimal | None = None,
    strict: bool = False,
) -> Done:
    """The same base for many. What is no pay, or cannot be decided by this user, is left out with its reason."""
    if base < 0 or (month_salary is not None and month_salary < 0):
        raise GuardRefused(_("An amount cannot be below zero."))

    def verdict_of(row: OutcomeProposal) -> Verdict:
        verdict = rules.may_decide(row, acting_user)
        if verdict and (row.kind != OutcomeKind.PAY or not row.has_base):
            return refused(_("Only pay by a multiplier has a base."))
        return verdict

    done = _sorted_out(_locked(proposals), verdict_of, strict=strict)
    for row in done.done:
        set_amount(row, scheme_of(row.appraisal.track), base, month_salary)
    OutcomeProposal.objects.bulk_update(done.done, ["base", "month_salary", "amount", "explanation"])
    return done


def approve(
    *, acting_user: User, at: datetime, proposal: OutcomeProposal, level: str = "", note: str = ""
) -> OutcomeProposal:
    """`level` is the commission level that is chosen where the rule leaves a choice. A second click does nothing."""
    again = OutcomeProposal.objects.filter(pk=proposal.pk, state=OutcomeState.APPROVED, decided_by=acting_user).first()
    if again is not None:
        return again
    return approve_many(acting_user=acting_user, at=at, proposals=[proposal], level=level, note=note, strict=True).done[
        0
    ]


@transaction.atomic
def approve_many(
    *,
    acting_user: User,
    at: datetime,
    proposals: Sequence[OutcomeProposal],
    level: str = "",
    note: str = "",
    strict: bool = False,
) -> Done:
    """What cannot be approved is left out with its reason; a harmful one needs a note of its own."""

    def verdict_of(row: OutcomeProposal) -> Verdict:
        verdict = rules.may_approve(row, acting_user)
        if verdict and row.adverse and not note.strip():
            return refused(_("What may harm the employee needs a reason, which the employee reads."))
        if verdict and not _level_of(row, level):
            return refused(_("Choose one of the levels that the scheme names."))
        return verdict

    done = _sorted_out(_locked(proposals), verdict_of, strict=strict)
    for row in done.done:
        row.state, row.note = OutcomeState.APPROVED, note.strip()
        row.level = _level_of(row, level) if "level" in row.detail else ""
    _decide(done.done, "outcome.approved", acting_user, at)
    return done


def _level_of(row: OutcomeProposal, level: str) -> str:
    """The chosen level, or the only one; "-" where levels play no part; "" where the choice does not fit."""
    offered = [row.detail[name] for name in ("level", "or_level") if name in row.detail]
    if not offered:
        return "-"
    if level:
        return level if level in offered else ""
    return offered[0] if len(offered) == 1 else ""


def reject(*, acting_user: User, at: datetime, proposal: OutcomeProposal, note: str) -> OutcomeProposal:
    if not note.strip():
        raise GuardRefused(_("Say why it is rejected."))
    with transaction.atomic():
        rows = _locked([proposal])
        done = _sorted_out(rows, lambda row: rules.may_decide(row, acting_user), strict=True)
        for row in done.done:
            row.state, row.note = OutcomeState.REJECTED, note.strip()
        _decide(done.done, "outcome.rejected", acting_user, at)
    return done.done[0]


def _locked(proposals: Iterable[OutcomeProposal]) -> list[OutcomeProposal]:
    """The appraisals first, as everything that changes a result does, then the proposals themselves."""
    ids = [proposal.pk for proposal in proposals]
    appraisals = Appraisal.objects.filter(outcomes__in=ids).order_by("pk").values("pk")
    list(Appraisal.objects.filter(pk__in=appraisals).order_by("pk").select_for_update().values_list("pk", flat=True))
    rows = OutcomeProposal.objects.filter(pk__in=ids).select_related(*RELATED)
    return list(rows.order_by("pk").select_for_update(of=("self",)))


def _sorted_out(
    rows: Sequence[OutcomeProposal], verdict_of: Callable[[OutcomeProposal], Verdict], *, strict: bool
) -> Done:
    done = Done()
    for row in rows:
        verdict = verdict_of(row)
        if verdict:
            done.done.append(row)
        elif strict:
            raise _refusal(row, verdict)
        else:
            done.refused.append((row, verdict.message))
    return done


def _refusal(row: OutcomeProposal, verdict: Verdict) -> Refusal:
    if verdict.reason in rules.NOT_THEIRS:
        return NotAllowed(str(verdict.reason))
    if row.state != OutcomeState.PROPOSED:
        return Conflict(reason=str(verdict.reason))
    return GuardRefused(str(verdict.reason), str(verdict.remedy))


def _decide(rows: Sequence[OutcomeProposal], fact: str, user: User, at: datetime) -> None:
    for row in rows:
        row.decided_by, row.decided_at = user, at
    OutcomeProposal.objects.bulk_update(rows, ["state", "note", "level", "decided_by", "decided_at"])
    by_appraisal: dict[int, list[str]] = {}
    for row in rows:
        by_appraisal.setdefault(row.appraisal_id, []).append(row.rule)
    appraisals = list({row.appraisal_id: row.appraisal for row in rows}.values())
    if appraisals:
        engine.record_many(
            appraisals, fact, acting_user=user, at=at, data=lambda appraisal: {"rules": by_appraisal[appraisal.pk]}
        )
