"""What happens here when a score goes back to be given again."""

from collections.abc import Sequence

from appraisal.calibration.models import CalibrationDecision
from workflow import facts
from workflow.machine import Happened


@facts.subscribe("appraisal.sent_back")
def let_decisions_lapse(events: Sequence[Happened]) -> None:
    """A decision was about the score that was there; the next one has to be looked at anew."""
    appraisals = [event.subject.pk for event in events]
    CalibrationDecision.objects.filter(appraisal__in=appraisals, is_current=True).update(is_current=False)
