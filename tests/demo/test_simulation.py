"""The finished quarter simulated with the version that it ran with."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from appraisal.cycles.models import Appraisal
from appraisal.people.models import User
from appraisal.workshop.crowds import finished_tracks, of_track
from appraisal.workshop.simulation_page import simulated

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.slow, pytest.mark.xdist_group("demo")]
STORED = Decimal("0.0001")


def test_everybody_of_the_finished_quarter_comes_out_as_the_manager_scored_them() -> None:
    hr = User.objects.get(username="4001")
    [track] = finished_tracks(hr, "sales-specialist")
    crowd = of_track(hr, track, 36)
    version = crowd.version(track.scheme_version.scheme)
    scores = {who: version.score(inputs) for who, inputs in crowd.inputs.items()}
    rows = Appraisal.objects.filter(track=track)
    assert len(scores) == 36
    assert {str(row.pk): (row.review_score, row.review_grade) for row in rows} == {
        who: (one.total.quantize(STORED), one.grade) for who, one in scores.items() if one.total is not None
    }
    found = simulated(hr, crowd, {"own": version})
    assert found.now.grades == Counter(row.review_grade for row in rows)
    assert (found.now.incomplete, found.now.ungraded) == (0, 0)
