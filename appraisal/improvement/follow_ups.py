"""An extended plan leads to a further one."""

from collections.abc import Sequence

from appraisal.improvement.drafts import extend
from appraisal.improvement.states import PlanState
from workflow.facts import subscribe
from workflow.machine import Happened


@subscribe("plan.concluded")
def draft_extensions(events: Sequence[Happened]) -> None:
    extended = [event.subject for event in events if event.subject.state == PlanState.EXTENDED]
    extend(at=events[0].fact.at, plans=extended, acting_user=events[0].user)
