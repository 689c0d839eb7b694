from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from appraisal.improvement.actions import Content, Target, accept, approve, deliver, revise
from appraisal.improvement.conclusions import start_review
from appraisal.improvement.models import ImprovementPlan
from appraisal.improvement.states import PlanState
from tests.cast import Cast
from tests.factories.cycles import at as moment
from tests.factories.cycles import launch_one

PlanIn = Callable[..., ImprovementPlan]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def improving(cast: Cast) -> Appraisal:
    """An appraisal whose window has ended, with a drafted plan."""
    return launch_one(cast, Step.IMPROVING)


@pytest.fixture
def at() -> datetime:
    return moment(4, 22)


def content(cast: Cast, **changes: object) -> Content:
    targets = (
        Target("客户满意度", Decimal(85), unit="分"),
        Target("线索转化率", Decimal(10), "relative", Decimal(12), "%"),
    )
    given: dict[str, object] = {
        "concerns": "三月两次未按时回访。", "support": "每周陪访。", "mentor": cast.colleague_one.person,
        "starts_on": date(2026, 4, 20), "months": 3, "targets": targets, **changes,
    }  # fmt: skip
    return Content(**given)  # type: ignore[arg-type]


@pytest.fixture
def plan_in(cast: Cast, improving: Appraisal, at: datetime) -> PlanIn:
    """The plan of the employee in a state."""

    def made(state: str) -> ImprovementPlan:
        plan = ImprovementPlan.objects.select_related("appraisal__cycle", "appraisal__track").get(appraisal=improving)
        revise(acting_user=cast.manager.user, at=at, plan=plan, content=content(cast))
        ways = {
            PlanState.APPROVED: lambda: approve(acting_user=cast.hr.user, at=at, plan=plan),
            PlanState.DELIVERED: lambda: deliver(acting_user=cast.hr.user, at=at, plan=plan),
            PlanState.ACTIVE: lambda: accept(acting_user=cast.employee.user, at=at, plan=plan),
            PlanState.REVIEWING: lambda: start_review(acting_user=None, at=moment(7, 20, 9), plan=plan),
        }
        for way in ways.values():
            if plan.state == state:
                return plan
            way()
        assert plan.state == state
        return plan

    return made
