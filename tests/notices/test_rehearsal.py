"""Before the launch HR reads every letter that would go out, and later exactly these go out."""

import pytest
from django.utils import translation

from appraisal.procedure.rehearsal import preview_notices
from tests.cast import Cast
from tests.counting import counted_queries
from tests.factories.cycles import LAUNCHED, at, make_cycle

pytestmark = pytest.mark.django_db


def planned(cycle, language="en"):
    with translation.override(language):
        [(_track, letters)] = preview_notices(cycle, at=LAUNCHED)
        return [(letter.day, letter.role, letter.kind.name, letter.subject) for letter in letters]


def test_the_rehearsal_of_s003_01_names_day_reader_kind_and_subject(cast: Cast):
    """Self-review until 3 April 2026 (catalogue B-22); five working days later, past the holiday of the 6th, is the
    13th when it comes in on the 3rd."""
    letters = planned(make_cycle(cast))

    assert letters[:7] == [
        (at(3, 2).date(), "employee", "appraisal.launched", "Your appraisal begins: Q1 2026"),
        (at(3, 31).date(), "employee", "work.opened", "Self-review: Q1 2026"),
        (at(4, 2).date(), "employee", "work.reminder", "Self-review, Q1 2026: 1 working day left"),
        (at(4, 3).date(), "employee", "work.due_today", "Due today: Self-review, Q1 2026"),
        (at(4, 3).date(), "manager", "work.opened", "Manager's score: each employee"),
        (at(4, 8).date(), "manager", "work.reminder", "Manager's score, each employee: 3 working days left"),
        (at(4, 10).date(), "manager", "work.reminder", "Manager's score, each employee: 1 working day left"),
    ]
    kinds = [(role, kind) for _day, role, kind, _subject in letters]
    assert ("hr_partner", "work.escalated") in kinds
    assert ("employee", "window.opened") in kinds
    assert ("employee", "work.right_ends") in kinds
    assert ("employee", "result.released") in kinds


def test_the_rehearsal_follows_the_steps_that_hr_switched_on_and_the_readers_language(cast: Cast):
    cycle = make_cycle(cast, steps={"countersigning": {"on": True}})
    subjects = [subject for _day, role, _kind, subject in planned(cycle, "zh-hans") if role == "second_level"]
    assert subjects[0] == "上级复核：每位员工"


def test_the_rehearsal_takes_few_queries(cast: Cast):
    cycle = make_cycle(cast)
    planned(cycle)
    with counted_queries() as queries:
        planned(cycle)
    assert len(queries) <= 6, queries
