"""An appraisal with real figures, of which one is wrong: 5 signed customers instead of 15.

Worked example B-17 with lead conversion 25 instead of 75:
0.6 x (96 + 80 + 90 + 25) / 4 + 0.4 x (88 + 100 + 85 + 92) / 4 = 43.65 + 36.5 = 80.15, which is a B.
With 15 signed customers it is the example itself: 87.65, an A.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from appraisal.appeals.actions import Contested, ItemRuling, lodge_appeal, take_up, write_decision
from appraisal.appeals.models import Appeal
from appraisal.appeals.states import Ground, Ruling
from appraisal.assessments.actions import save_score_draft, submit_score
from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from tests.assessments.conftest import PEERS, enter_figures, full_score, rate
from tests.cast import Cast
from tests.factories.cycles import at, launch_one, walk_to

SCORED = at(4, 10)
LODGED = at(4, 16)
WRONG = Contested(Ground.FACTS, "签约客户应为15家，系统少计10家。", "lead_conversion")
UNFAIR = Contested(Ground.BIAS, "评分未考虑区域调整。")


def scored(cast: Cast, **changed: str | None) -> Appraisal:
    appraisal = launch_one(cast, Step.SCORING)
    enter_figures(cast, appraisal, **changed)
    rate(cast, appraisal, *PEERS)
    manager = cast.manager.user
    save_score_draft(acting_user=manager, appraisal=appraisal, patch=full_score(), draft=0, at=SCORED)
    submit_score(acting_user=manager, appraisal=appraisal, at=SCORED)
    return appraisal


@pytest.fixture
def contestable(cast: Cast) -> Appraisal:
    """In its appeal window, which opened on Wednesday 15 April and ends on Monday 20 April."""
    return walk_to(scored(cast, signed_customers="5"), Step.APPEAL_WINDOW, cast)


def lodge(cast: Cast, appraisal: Appraisal, *items: Contested) -> Appeal:
    return lodge_appeal(
        acting_user=cast.employee.user, appraisal=appraisal, items=items or (WRONG,), statement="请复核。",
        wanted="按CRM数据重新计算。", at=LODGED,
    )  # fmt: skip


@pytest.fixture
def lodged(cast: Cast, contestable: Appraisal) -> Appeal:
    return lodge(cast, contestable, WRONG, UNFAIR)


@pytest.fixture
def reviewed(cast: Cast, lodged: Appeal) -> Appeal:
    return take_up(acting_user=cast.hr.user, appeal=lodged, at=at(4, 17))


def rulings(appeal: Appeal, *, second: str = Ruling.DISMISSED) -> dict[int, ItemRuling]:
    """The figure is put right; the rest as given."""
    wrong, unfair = appeal.items.order_by("position")
    return {
        wrong.pk: ItemRuling(Ruling.UPHELD, "CRM 中有 15 家签约客户。", new_value=Decimal(15)),
        unfair.pk: ItemRuling(second, "评分依据完整。"),
    }


@pytest.fixture
def decided(cast: Cast, reviewed: Appeal) -> Appeal:
    """Written, not yet signed."""
    return write_decision(
        acting_user=cast.hr.user, appeal=reviewed, rulings=rulings(reviewed), answer="第一项成立，已重新计算。",
        at=at(4, 20),
    )  # fmt: skip
