"""What a new manager takes over besides the appraisal itself."""

import pytest

from appraisal.cycles.states import Step
from appraisal.interviews.actions import AgreedAction, Record, record_interview, return_record
from appraisal.procedure.actions import hand_over
from tests.cast import Cast
from tests.factories.cycles import at, launch_one
from workflow.models import WorkItem
from workflow.queries import open_items

pytestmark = pytest.mark.django_db


def test_the_correction_of_an_interview_record_moves_to_the_new_manager_with_three_working_days(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.INTERVIEWING)
    talk = Record(at(4, 15, 14), at(4, 15, 14, 40), [AgreedAction("每月两次深度回访")])
    interview = record_interview(acting_user=cast.manager.user, appraisal=appraisal, record=talk, at=at(4, 15, 15))
    interview = return_record(acting_user=cast.employee.user, interview=interview, reason="时间有误", at=at(4, 16))
    correction = WorkItem.objects.get(pk__in=open_items(interview), role="manager")
    assert correction.holder == cast.manager.user
    # On Tuesday the 21st, the correction's last day.
    late = correction.due_at.astimezone(at(4, 21).tzinfo).replace(hour=10, minute=0, second=0, microsecond=0)
    heir = cast.second_level
    hand_over(acting_user=cast.hr.user, at=late, appraisals=[appraisal], manager=heir.person, reason="调岗")
    correction.refresh_from_db()
    assert correction.holder == heir.user
    assert correction.due_at > late
    assert correction.due_at.astimezone(late.tzinfo).date() >= at(4, 21).date()


def test_what_the_employee_owes_on_the_interview_stays_with_the_employee(cast: Cast) -> None:
    appraisal = launch_one(cast, Step.INTERVIEWING)
    talk = Record(at(4, 15, 14), at(4, 15, 14, 40), [AgreedAction("每月两次深度回访")])
    interview = record_interview(acting_user=cast.manager.user, appraisal=appraisal, record=talk, at=at(4, 15, 15))
    before = WorkItem.objects.get(pk__in=open_items(interview), role="employee")
    hand_over(
        acting_user=cast.hr.user, at=at(4, 16), appraisals=[appraisal], manager=cast.second_level.person, reason="调岗"
    )
    after = WorkItem.objects.get(pk=before.pk)
    assert (after.holder, after.due_at) == (cast.employee.user, before.due_at)
