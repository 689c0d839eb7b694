"""From results to proposals: what is asked for is written, what no longer is steps back. Many results at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext

from appraisal.cycles.models import Appraisal
from appraisal.cycles.process import settings_of
from appraisal.improvement.actions import Target
from appraisal.improvement.drafts import Draft, draft_plans, note_again, plans_for, take_back
from appraisal.improvement.models import ImprovementPlan
from appraisal.improvement.states import ENDED
from appraisal.outcomes.evaluation import PLAN, Asked, Case, consequences, number_of
from appraisal.outcomes.models import OutcomeProposal
from appraisal.outcomes.reading import Tree, cases_of, explanations_of, start_value
from appraisal.outcomes.states import LIVE, OutcomeState
from appraisal.records.marks import Whose, whose
from appraisal.schemes.spec import Commission, PlanTarget, Proposal, Scheme
from appraisal.scoring.pay import pay
from workflow import copying


def propose(appraisals: Sequence[Appraisal], *, at: datetime) -> None:
    """Brings the proposals and the plans of these results up to date. Harmless to repeat."""
    cases = cases_of(appraisals)
    asked = _asked(cases)
    _bring_up_proposals(appraisals, cases, asked, at)
    _bring_up_plans(appraisals, cases, asked, at)


def _asked(cases: Mapping[int, Case]) -> dict[int, list[Asked]]:
    """Equal cases ask for the same, and of thousands of results most are equal."""
    known: dict[Any, list[Asked]] = {}
    asked = {}
    for pk, case in cases.items():
        read = (tuple(case.row), case.is_first_period, tuple(case.indicators.items()))
        alike = (id(case.scheme), case.period_kind, read)
        if alike not in known:
            known[alike] = list(consequences(case))
        asked[pk] = known[alike]
    return asked


def withdraw(appraisals: Sequence[Appraisal], *, at: datetime) -> None:
    """The results are taken back, and with them what was proposed because of them."""
    OutcomeProposal.objects.filter(appraisal__in=appraisals, state__in=LIVE).update(state=OutcomeState.SUPERSEDED)
    plans = plans_for([], [one.pk for one in appraisals])
    take_back(at=at, plans=[plan for plan in plans if plan.trigger], reason=gettext("The result was recalled."))


def _bring_up_proposals(
    appraisals: Sequence[Appraisal], cases: dict[int, Case], asked: dict[int, list[Asked]], at: datetime
) -> None:
    live, levels = _standing(appraisals)
    new: list[OutcomeProposal] = []
    kept: set[int] = set()
    for one in appraisals:
        for wish in asked[one.pk]:
            scheme = cases[one.pk].scheme
            if wish.detail.get("propose") == PLAN or not _changes_level(scheme, wish, levels.get(one.whose)):
                continue
            row = live.get((one.pk, wish.rule))
            if row is not None and row.detail == wish.detail:
                kept.add(row.pk)
            else:
                new.append(_proposal(one, cases[one.pk], wish, row, at))
    gone = [row.pk for row in live.values() if row.pk not in kept]
    if gone:
        OutcomeProposal.objects.filter(pk__in=gone).update(state=OutcomeState.SUPERSEDED)
    copying.insert(new, keys=False)


def _proposal(one: Appraisal, case: Case, wish: Asked, before: OutcomeProposal | None, at: datetime) -> OutcomeProposal:
    """The base that was typed for the result before stays known; what a result comes to needs none."""
    scheme, node = case.scheme, case.results.get(str(wish.detail.get("result", "")))
    row = copying.fresh(
        OutcomeProposal, {"appraisal": one},
        appraisal_id=one.pk, rule=wish.rule, kind=wish.kind, detail=wish.detail, adverse=wish.adverse,
        deciders=f",{','.join(wish.deciders)},", proposed_at=at,
    )  # fmt: skip
    if "result" in wish.detail:
        row.amount, row.explanation = Decimal(wish.detail["amount"]), dict(node or {})
    elif before is not None and before.base is not None:
        set_amount(row, scheme, before.base, before.month_salary)
    return row


def set_amount(row: OutcomeProposal, scheme: Scheme, base: Decimal, month_salary: Decimal | None) -> None:
    """The amount with its computation; still unknown while a month's salary is wanted."""
    rule = scheme.outcomes[row.rule]
    row.base, row.month_salary, row.amount, row.explanation = base, month_salary, None, {}
    if rule.kind == "pay" and not (row.needs_salary and month_salary is None):
        paid = pay(scheme, rule, grade=row.detail["grade"], base=base, month_salary=month_salary,
                   parameters=settings_of(row.appraisal.track))  # fmt: skip
        row.amount, row.explanation = paid.amount, paid.tree.to_json()


def _standing(appraisals: Sequence[Appraisal]) -> tuple[dict[tuple[int, str], OutcomeProposal], dict[Whose, str]]:
    """The live proposals of these results by appraisal and rule, and the commission level at which each person stands
    by earlier ones. One query."""
    ids = {one.pk for one in appraisals}
    rows = (
        OutcomeProposal.objects.filter(
            Q(appraisal__in=ids, state__in=LIVE)
            | Q(appraisal__employee_id__in={one.employee_id for one in appraisals}, state=OutcomeState.APPROVED)
            & ~Q(level="")
        )
        .annotate(
            employee_id=F("appraisal__employee_id"), unit_id=F("appraisal__unit_id"),
            organisation_id=F("appraisal__organisation_id"),
        )
        .order_by("decided_at", "pk")
    )  # fmt: skip
    live: dict[tuple[int, str], OutcomeProposal] = {}
    levels: dict[Whose, str] = {}
    for row in rows:
        if row.appraisal_id in ids:
            live[row.appraisal_id, row.rule] = row
        else:
            levels[whose(row.employee_id, row.unit_id, row.organisation_id)] = row.level
    return live, levels


def _commission(scheme: Scheme) -> Commission | None:
    return next((rule for rule in scheme.outcomes.values() if isinstance(rule, Commission)), None)


def _restores(scheme: Scheme, wish: Asked) -> bool:
    commission = _commission(scheme)
    return commission is not None and wish.detail.get("level") == commission.normal


def _changes_level(scheme: Scheme, wish: Asked, level: str | None) -> bool:
    """The normal level is restored only to who stands below it."""
    commission = _commission(scheme)
    if commission is None or not _restores(scheme, wish):
        return True
    if level is None or level not in commission.levels:
        return False
    percents = {key: number_of(scheme, each.percent) or Decimal(0) for key, each in commission.levels.items()}
    return percents[level] < percents[commission.normal]


def _bring_up_plans(
    appraisals: Sequence[Appraisal], cases: dict[int, Case], asked: dict[int, list[Asked]], at: datetime
) -> None:
    wishes = {pk: wish for pk, found in asked.items() for wish in found if wish.detail.get("propose") == PLAN}
    plans = plans_for([one.employee_id for one in appraisals], [one.pk for one in appraisals])
    own = {plan.appraisal_id: plan for plan in plans if plan.appraisal_id in cases}
    others = {
        plan.appraisal.whose: plan for plan in plans if plan.appraisal_id not in cases and plan.state not in ENDED
    }
    drafts: list[Appraisal] = []
    noted: list[tuple[ImprovementPlan, dict[str, Any]]] = []
    for one in appraisals:
        if one.pk not in wishes or one.pk in own:
            continue
        if one.whose in others:
            noted.append((others[one.whose], {**_trigger(wishes[one.pk]), "appraisal": one.pk}))
        else:
            drafts.append(one)
    unasked = [plan for pk, plan in own.items() if pk not in wishes and plan.trigger]
    if unasked:
        take_back(at=at, plans=unasked, reason=gettext("The result no longer asks for a plan."))
    note_again(at=at, plans=[plan for plan, _ in noted], triggers={plan.pk: trigger for plan, trigger in noted})
    _draft(drafts, cases, wishes, at)


def _trigger(wish: Asked) -> dict[str, Any]:
    return {"rule": wish.rule, "grades": wish.detail["grades"]}


def _draft(drafts: Sequence[Appraisal], cases: dict[int, Case], wishes: dict[int, Asked], at: datetime) -> None:
    if not drafts:
        return
    trees = explanations_of(drafts)
    draft_plans(
        acting_user=None,
        at=at,
        running={},
        drafts=[_drafted(one, cases[one.pk].scheme, wishes[one.pk], trees.get(one.pk, {})) for one in drafts],
    )


def _drafted(one: Appraisal, scheme: Scheme, wish: Asked, tree: Tree) -> Draft:
    rule = scheme.outcomes[wish.rule]
    template = rule.plan if isinstance(rule, Proposal) else None
    if template is None:
        return Draft(one, _trigger(wish))
    months = number_of(scheme, template.months)
    targets = [_target(scheme, target, tree) for target in template.targets]
    return Draft(one, _trigger(wish), int(months) if months else 3, targets)


def _target(scheme: Scheme, target: PlanTarget, tree: Tree) -> Target:
    """As the scheme has it, starting from where the result stands."""
    indicator = next((leaf for leaf in scheme.all_indicators if leaf.key == target.of), None)
    unit = "%" if indicator is not None and indicator.score.kind in {"ratio", "growth"} else ""
    start = start_value(tree, target.of) if tree else None
    start = None if start is None else round(start, 4)
    return Target(target.label.zh, number_of(scheme, target.amount), target.operator, start, unit)
