"""The daily digest of open work; of a cycle itself nobody hears by letter."""

from collections.abc import Mapping

from appraisal.cycles.agenda import agenda
from notifications.digests import register_digest_source

register_digest_source(agenda)

SILENT: Mapping[str, str] = {
    "cycle.drafted": "A draft concerns HR alone.",
    "cycle.revised": "A draft concerns HR alone.",
    "cycle.launched": "Everybody in it hears of their own appraisal.",
    "cycle.people_added": "Everybody in it hears of their own appraisal.",
    "cycle.closed": "Everybody in it has heard how their own appraisal ended.",
    "cycle.cancelled": "Only a draft can be cancelled.",
}
