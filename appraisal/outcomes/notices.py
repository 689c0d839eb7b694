"""Who hears of what a result leads to: the employee, once it was approved."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from appraisal.cycles.desks import APPRAISAL
from appraisal.people.post import Notice, announce, kind

APPROVED = kind("outcomes", "outcome.approved", _("A consequence of your result was approved"), "digest")

announce(APPRAISAL, Notice("outcome.approved", to=("employee",), kind=APPROVED))

SILENT: Mapping[str, str] = {
    "outcome.rejected": "A proposal that was not approved is not shown to the employee; the deciders have their list.",
}
