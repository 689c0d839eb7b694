"""The frame that every page about one appraisal shares: header, stepper, who holds it, what one may do, history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from appraisal.cycles.models import Appraisal
from appraisal.cycles.process import is_on, route
from appraisal.cycles.rules import is_employee, may_see_result
from appraisal.cycles.states import ROUTE, Step, Verb
from appraisal.people.roles import Role
from workflow import facts, queries
from workflow.calendars import daybook_of
from workflow.models import Fact, Visit, WorkItem
from workflow.verdicts import ALLOWED, Verdict

if TYPE_CHECKING:
    from appraisal.people.models import User
    from workflow.models import Subject
    from workflow.verdicts import Text

# The page on which a verb is carried out; each takes the appraisal's key.
PAGES: Mapping[str, str] = {
    Verb.AGREE_TARGETS: "procedure:targets_agree",
    Verb.START_REVIEW: "procedure:review_start",
    Verb.SUBMIT_SELF_REVIEW: "assessments:self_review_edit",
    Verb.PASS_OVER_SELF_REVIEW: "procedure:self_review_pass_over",
    Verb.SUBMIT_SCORE: "assessments:score_edit",
    Verb.SEND_BACK: "procedure:appraisal_send_back",
    Verb.COUNTERSIGN: "procedure:appraisal_countersign",
    Verb.CONFIRM_CALIBRATION: "calibration:decision_edit",
    Verb.RELEASE: "procedure:result_release",
    Verb.RECALL: "procedure:result_recall",
    Verb.RECORD_INTERVIEW: "interviews:interview_detail",
    Verb.ACKNOWLEDGE: "interviews:result_acknowledge",
    Verb.LODGE_APPEAL: "appeals:appeal_lodge",
    Verb.DECIDE_APPEAL: "appeals:appeal_current",
    Verb.WITHDRAW_APPEAL: "appeals:appeal_current",
    Verb.CONCLUDE_IMPROVEMENT: "improvement:plan_current",
    Verb.CORRECT: "procedure:result_correct",
    Verb.WITHDRAW: "procedure:appraisal_withdraw",
    Verb.REINSTATE: "procedure:appraisal_reinstate",
}


# Their pages hold what has to come first: words, points, a proposal. They can be opened before the verb is possible.
WORK_FIRST: Mapping[str, Text] = {
    Verb.SUBMIT_SELF_REVIEW: _lazy("Write the self-review"),
    Verb.SUBMIT_SCORE: _lazy("Write the assessment"),
    Verb.CONFIRM_CALIBRATION: _lazy("Look at the grade"),
    Verb.RECORD_INTERVIEW: _lazy("Open the interview"),
    Verb.ACKNOWLEDGE: _lazy("Answer the result"),
    Verb.DECIDE_APPEAL: _lazy("Open the case"),
    Verb.WITHDRAW_APPEAL: _lazy("Open the case"),
    Verb.CONCLUDE_IMPROVEMENT: _lazy("Open the improvement plan"),
    Verb.CORRECT: _lazy("Correct an archived result"),
}

# Where the work of a step is done, for who has a part in it without a verb of the appraisal (the manager in the
# interview, the panel in the appeal).
STEP_PAGES: Mapping[str, str] = {
    Step.SELF_REVIEW: "assessments:self_review_edit",
    Step.SCORING: "assessments:score_edit",
    Step.CALIBRATING: "calibration:decision_edit",
    Step.DECIDED: "procedure:result_release",
    Step.INTERVIEWING: "interviews:interview_detail",
    Step.APPEALED: "appeals:appeal_current",
    Step.IMPROVING: "improvement:plan_current",
}


@dataclass(frozen=True, slots=True)
class Act:
    """A button: where it leads, or why it is disabled."""

    verb: str
    label: str
    url: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class HistoryLine:
    at: datetime
    sentence: str
    reason: str
    on_behalf_of: str


def appraisal_frame(appraisal: Appraisal, user: User, *, at: datetime, case: Subject | None = None) -> dict[str, Any]:
    """What templates/appraisal/appraisal_frame.html draws. Needs an appraisal from `visible_to(user)`.

    `case` is an interview, an appeal or a plan shown in the frame: its history and its open work are read together
    with the appraisal's.
    """
    subjects = [appraisal, case] if case is not None else [appraisal]
    visits = list(queries.visits_of([appraisal]))
    all_items, told = list(queries.open_items(*subjects)), list(queries.history(*subjects))
    items = queries.about(appraisal, all_items)
    due_at = next((item.due_at for item in items if item.due_at and not item.optional), None)
    days = daybook_of(appraisal.cycle.calendar)
    return {
        "appraisal": appraisal,
        "now": at,
        "steps": stepper(appraisal, visits, items, at=at),
        "current_due": due_at,
        "current_days_left": days.working_days_left(localdate(at), localdate(due_at)) if due_at else None,
        "holders": _(", ").join(holder_words(item) for item in items if item.pool != "system"),
        "acts": acts(appraisal, user, at=at),
        "history": [line(fact) for fact in queries.about(appraisal, told)],
        "case_facts": queries.about(case, told) if case is not None else [],
        "case_items": queries.about(case, all_items) if case is not None else [],
        "sees_result": may_see_result(appraisal, user),
        "is_own": is_employee(appraisal, user),
    }


def acts(appraisal: Appraisal, user: User, *, at: datetime) -> list[Act]:
    found = []
    for choice in queries.choices(appraisal, user, at=at):
        name = PAGES.get(choice.verb)
        if name is None:
            continue
        try:
            url = reverse(name, args=[appraisal.pk])
        except NoReverseMatch:
            continue
        words = WORK_FIRST.get(choice.verb)
        if choice.verb == Verb.ACKNOWLEDGE and not choice.verdict.allowed:
            continue
        if words is not None:
            found.append(Act(choice.verb, str(words), url, ALLOWED))
        else:
            found.append(Act(choice.verb, str(choice.transition.label), url, choice.verdict))
    return [act for place, act in enumerate(found) if act.url not in {earlier.url for earlier in found[:place]}]


def step_page(appraisal_id: int, state: str) -> str:
    """The page of the step's work; the appraisal's own page where the step has none."""
    return reverse(STEP_PAGES.get(state, "home:appraisal"), args=[appraisal_id])


def stepper(
    appraisal: Appraisal, visits: Sequence[Visit], items: Sequence[WorkItem], *, at: datetime
) -> list[dict[str, Any]]:
    """The steps of this scheme with what became of each; branches (appeal, plan) appear once they are reached."""
    by_state: dict[str, Visit] = {visit.state: visit for visit in visits}
    walk = [
        step
        for step in Step
        if step in by_state
        or step == Step.CLOSED
        or (step in ROUTE and (step != Step.TRACKING or _lies_ahead(appraisal, step)))
    ]
    holder = _(", ").join(dict.fromkeys(holder_words(item) for item in items if item.pool != "system"))
    days = daybook_of(appraisal.cycle.calendar)
    shown = []
    for step in walk:
        visit = by_state.get(step)
        entry: dict[str, Any] = {"name": step.label, "status": status(appraisal, step, visit)}
        if entry["status"] == "here" and visit is not None:
            entry |= {"at": visit.opened_at, "due_at": visit.due_at, "holder": holder}
            if visit.due_at is not None:
                entry["days_left"] = days.working_days_left(localdate(at), localdate(visit.due_at))
        elif visit is not None:
            entry["at"] = visit.closed_at
        shown.append(entry)
    return shown


def status(appraisal: Appraisal, step: Step, visit: Visit | None) -> str:
    """One of done, here, skipped (not part of the scheme), bypassed, to_come."""
    if step == appraisal.state:
        return "done" if step == Step.CLOSED else "here"
    if (step in ROUTE and not is_on(appraisal.track, step)) or (visit is not None and visit.passed_over):
        return "skipped"
    if visit is not None and visit.outcome == Verb.PASS_OVER_SELF_REVIEW:
        return "bypassed"
    if _lies_ahead(appraisal, step):
        return "to_come"
    return "bypassed" if visit is None else "done"


def _lies_ahead(appraisal: Appraisal, step: Step) -> bool:
    """On the way that this scheme takes; after a return, steps visited before lie ahead again."""
    walk = route(appraisal.track)
    if step == Step.CLOSED:
        return True
    here = Step(appraisal.state)
    return step in walk and here in walk and walk.index(step) > walk.index(here)


def holder_words(item: WorkItem) -> str:
    """The person, or the pool in words."""
    if item.holder is not None:
        return str(item.holder)
    name = item.pool.split(":")[0]
    return str(Role(name).label) if name in Role.values else _("HR partner")


def line(fact: Fact) -> HistoryLine:
    return HistoryLine(fact.at, facts.sentence(fact), fact.reason, fact.on_behalf_of)
