"""What a scheme's proposals ask about a result by formulas, worked out together with the score.

Each condition is a result of its own that no statement shows: it has its explanation, is stored and can be checked like
the others, and is never worked out anew after the release.
"""

from __future__ import annotations

from functools import cache

from appraisal.schemes.queries import scheme_by_digest
from appraisal.schemes.spec import Proposal, Scheme, Text
from appraisal.schemes.spec.results import Result, Worked

ASKS = Text(zh="触发条件", en="Condition")


def condition_key(rule: str, place: int) -> str:
    return f"asks_{rule}_{place}"[-60:]


@cache
def with_conditions(digest: str, period_kind: str) -> Scheme:
    """The scheme with the conditions of this kind of period among its results."""
    scheme = scheme_by_digest(digest)
    asked: dict[str, Result] = {
        condition_key(rule, place): Worked(
            label=Text(zh=f"{ASKS.zh}：{outcome.label.zh}", en=f"{ASKS.en}: {outcome.label.en}"),
            expr=condition.holds, shown=False,
        )
        for rule, outcome in scheme.outcomes.items()
        if isinstance(outcome, Proposal)
        for place, condition in enumerate(outcome.when)
        if condition.holds is not None and condition.of == period_kind
    }  # fmt: skip
    return scheme.model_copy(update={"results": {**scheme.results, **asked}}) if asked else scheme
