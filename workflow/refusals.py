"""The words of the door's own refusals."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from workflow.errors import Conflict, NotAllowed
from workflow.machine import SYSTEM, Machine, Transition
from workflow.models import Fact, Subject


def not_allowed(machine: Machine, transition: Transition) -> NotAllowed:
    names = [str(machine.role(name).label) for name in transition.who if name != SYSTEM]
    if not names:
        return NotAllowed(_("“%(verb)s” happens by itself when its time has come.") % {"verb": transition.label})
    return NotAllowed(
        _("“%(verb)s” can only be done by: %(roles)s.") % {"verb": transition.label, "roles": _(", ").join(names)}
    )


def lost_race(subject: Subject) -> Conflict:
    content_type = ContentType.objects.get_for_model(subject)
    last = Fact.objects.filter(content_type=content_type, object_id=subject.pk).order_by("-seq").first()
    return Conflict(last)


def reason_missing() -> str:
    return _("Please give a reason: it goes into the record and the people concerned read it.")
