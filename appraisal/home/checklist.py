"""HR's first day: what a new installation still needs, each with the page that gives it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from appraisal.cycles.models import AppraisalCycle
from appraisal.people.models import Person
from appraisal.schemes.models import SchemeVersion
from appraisal.schemes.queries import published_versions
from workflow.models import CalendarDay, WorkCalendar


@dataclass(frozen=True, slots=True)
class FirstStep:
    label: str
    done: bool
    url: str


def first_steps() -> list[FirstStep]:
    """Empty once everything is there. One query."""
    there = (
        SchemeVersion.objects.order_by()
        .annotate(
            days=Exists(CalendarDay.objects.all()),
            people=Exists(Person.objects.all()),
            schemes=Exists(published_versions()),
            cycles=Exists(AppraisalCycle.objects.all()),
        )
        .values_list("days", "people", "schemes", "cycles")
        .first()
    )
    days, people, schemes, cycles = there or (WorkCalendar.objects.exists(), Person.objects.exists(), False, False)
    steps = [
        FirstStep(_("Check the work calendar"), days, _address("people:calendar_list")),
        FirstStep(_("Import the people"), people, _address("people:import_upload")),
        FirstStep(_("Choose a scheme"), schemes, _address("schemes:scheme_list")),
        FirstStep(_("Launch the first cycle"), cycles, _address("cycles:cycle_new")),
    ]
    return [] if all(step.done for step in steps) else steps


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
