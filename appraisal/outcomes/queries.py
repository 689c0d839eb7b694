"""What follows from results, as far as a user may know of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

from appraisal.cycles.models import Appraisal
from appraisal.cycles.process import scheme_of
from appraisal.cycles.rules import is_employee, may_see_result
from appraisal.cycles.states import BEFORE_RELEASE
from appraisal.outcomes.models import OutcomeProposal
from appraisal.outcomes.states import OutcomeState
from appraisal.people.roles import roles_of
from appraisal.schemes.spec import Commission, Scheme

if TYPE_CHECKING:
    from appraisal.people.models import User

READS_ALL = frozenset({"hr", "auditor"})
RELATED = ("appraisal__track", "appraisal__cycle", "appraisal__employee", "appraisal__org_unit", "decided_by")


def visible_outcomes(user: User) -> QuerySet[OutcomeProposal]:
    """HR and auditors see all, the functions and managers that the scheme names what they decide. One's own are
    seen once they are approved, after the release."""
    roles = roles_of(user)
    rows = OutcomeProposal.objects.select_related(*RELATED)
    mine = Q(appraisal__employee_account=user)
    own = mine & Q(state=OutcomeState.APPROVED) & ~Q(appraisal__state__in=BEFORE_RELEASE)
    if roles.names & READS_ALL:
        return rows.filter(~mine | own)
    others = Q(appraisal__manager_account=user, deciders__contains=",manager,")
    for name in roles.names:
        others |= Q(deciders__contains=f",{name},") & ~Q(appraisal__manager_account=user)
    return rows.filter(own | (others & ~mine))


@dataclass(frozen=True, slots=True)
class Counts:
    by_state: dict[str, int]
    total: int


def counted(rows: QuerySet[OutcomeProposal]) -> Counts:
    by_state = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    return Counts(by_state, sum(by_state.values()))


@dataclass(frozen=True, slots=True)
class Line:
    """A proposal in words: what the scheme calls it, and the levels that it leaves a choice of."""

    proposal: OutcomeProposal
    label: dict[str, str]
    clause: str
    levels: list[tuple[str, dict[str, str]]]

    @property
    def period(self) -> str:
        return str(self.proposal.appraisal.cycle)

    @property
    def level(self) -> dict[str, str]:
        return dict(self.levels).get(self.proposal.level, {})


def line_of(proposal: OutcomeProposal) -> Line:
    scheme = scheme_of(proposal.appraisal.track)
    rule = scheme.outcomes.get(proposal.rule)
    label = {"zh": rule.label.zh, "en": rule.label.en} if rule else {"zh": proposal.rule, "en": proposal.rule}
    return Line(proposal, label, (rule.clause or "") if rule else "", _levels(scheme, proposal))


def _levels(scheme: Scheme, proposal: OutcomeProposal) -> list[tuple[str, dict[str, str]]]:
    offered = [proposal.detail[name] for name in ("level", "or_level") if name in proposal.detail]
    commission = next((rule for rule in scheme.outcomes.values() if isinstance(rule, Commission)), None)
    if commission is None:
        return []
    return [
        (key, {"zh": commission.levels[key].label.zh, "en": commission.levels[key].label.en})
        for key in offered
        if key in commission.levels
    ]


def outcomes_of(appraisal: Appraisal, user: User) -> list[Line]:
    """What follows from one result, for its page. The employee and those above see what was approved."""
    if not may_see_result(appraisal, user):
        return []
    rows = OutcomeProposal.objects.filter(appraisal=appraisal).select_related(*RELATED).order_by("kind", "pk")
    if not (roles_of(user).names & READS_ALL) or is_employee(appraisal, user):
        rows = rows.filter(state=OutcomeState.APPROVED)
        if appraisal.state in BEFORE_RELEASE:
            return []
    return [line_of(row) for row in rows.exclude(state=OutcomeState.SUPERSEDED)]
