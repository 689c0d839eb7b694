"""What the procedure does when something has happened in the rooms below."""

from collections.abc import Sequence

from django.utils.timezone import localdate

from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step, Verb
from appraisal.improvement.rules import load_plans
from appraisal.improvement.states import PlanState
from appraisal.procedure.actions.handover import hand_over_from_leavers
from workflow.engine import perform_many
from workflow.facts import subscribe
from workflow.machine import Happened


@subscribe("plan.concluded", "plan.cancelled")
def conclude_improvement(events: Sequence[Happened]) -> None:
    """The appraisal is archived with its last plan; an extended plan waits for the one that follows it."""
    ended = [event.subject for event in events if event.subject.state != PlanState.EXTENDED]
    rows = list(
        Appraisal.objects.filter(pk__in={plan.appraisal_id for plan in ended}, state=Step.IMPROVING).order_by("pk")
    )
    load_plans(rows)
    done = [row for row in rows if row.running_plan is None]  # type: ignore[attr-defined]
    perform_many(done, Verb.CONCLUDE_IMPROVEMENT, acting_user=None, at=events[0].fact.at)


@subscribe("person.left")
def hand_over_at_once(events: Sequence[Happened]) -> None:
    """For those whose last day is already past; the daily sweep does the others when it comes."""
    if any(str(event.fact.data.get("on", "")) < localdate(event.fact.at).isoformat() for event in events):
        hand_over_from_leavers(at=events[0].fact.at)
