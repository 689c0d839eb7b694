"""The appointment as a file that calendar programs read (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from appraisal.interviews.models import Interview
from appraisal.interviews.rules import planned_end


def calendar_file(interview: Interview, *, at: datetime) -> bytes:
    """One event; its UID stays, its SEQUENCE grows with every move, so that a newer file replaces the older one."""
    calendar = Calendar()
    calendar.add("prodid", "-//Pingheng//Feedback interview//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_event(interview, at))
    return bytes(calendar.to_ical())


def _event(interview: Interview, at: datetime) -> Event:
    appraisal = interview.appraisal
    page = settings.BASE_URL.rstrip("/") + reverse("interviews:interview_detail", args=[appraisal.pk])
    zone = ZoneInfo(appraisal.zone)
    event = Event()
    event.add("uid", f"{interview.chain_id}@pingheng")
    event.add("sequence", interview.sequence)
    event.add("dtstamp", at.astimezone(UTC))
    event.add("dtstart", interview.planned_start.astimezone(zone))
    event.add("dtend", planned_end(interview).astimezone(zone))
    event.add(
        "summary",
        _("Feedback interview: %(employee)s, %(cycle)s") % {"employee": appraisal.title, "cycle": appraisal.cycle},
    )
    event.add("description", _("The result and the record: %(page)s") % {"page": page})
    event.add("url", page)
    if interview.place:
        event.add("location", interview.place)
    people = [
        (str(appraisal.employee), appraisal.employee.email),
        (str(interview.conductor), interview.conductor.email),
    ]
    for name, mail in people:
        if mail:
            event.add("attendee", _address(name, mail), encode=False)
    if interview.conductor.email:
        event.add("organizer", _address(str(interview.conductor), interview.conductor.email), encode=False)
    event.add("status", "CONFIRMED")
    return event


def _address(name: str, mail: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{mail}")
    address.params["cn"] = vText(name)
    address.params["partstat"] = vText("NEEDS-ACTION")
    address.params["role"] = vText("REQ-PARTICIPANT")
    return address
