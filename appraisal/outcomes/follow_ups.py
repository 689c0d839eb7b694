"""A released result leads to proposals; one that changes or is taken back changes them."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from appraisal.outcomes.proposing import propose, withdraw
from workflow import facts
from workflow.facts import FactType, subscribe
from workflow.machine import Happened

# On the appraisal's own chain, which the employee reads: what was decided is told by the outcome itself.
facts.register(
    FactType("outcome.approved", _("Outcome approved"), _("%(actor)s approved a consequence of the result")),
    FactType("outcome.rejected", _("Outcome decided"), _("%(actor)s decided on a consequence of the result")),
)


@subscribe("result.released", "result.recomputed", "appeal.decided")
def follow_result(events: Sequence[Happened]) -> None:
    propose([event.subject for event in events], at=events[0].fact.at)


@subscribe("result.recalled")
def follow_recall(events: Sequence[Happened]) -> None:
    withdraw([event.subject for event in events], at=events[0].fact.at)
