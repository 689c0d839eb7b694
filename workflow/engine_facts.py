"""The facts that the engine itself records."""

from django.utils.translation import gettext_lazy as _

from workflow.facts import FactType, register

register(
    FactType("deadline.extended", _("Deadline extended"), _("%(actor)s moved the deadline to %(due)s")),
)
