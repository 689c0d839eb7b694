"""The steps of one track: what the scheme says, with what HR switched or changed for the cycle."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from appraisal.cycles.models import Appraisal, Track
from appraisal.cycles.states import ROUTE, Step
from appraisal.schemes.queries import scheme_by_digest
from appraisal.schemes.spec import Days, Scheme
from appraisal.schemes.spec import Step as StepRule

# Without these nobody would hold the result back, or could object to it.
ALWAYS_ON = frozenset({Step.SCORING, Step.DECIDED, Step.APPEAL_WINDOW, Step.APPEALED})


def scheme_of(track: Track) -> Scheme:
    return scheme_by_digest(track.scheme_digest)


def settings_of(track: Track) -> dict[str, Decimal | str]:
    """The parameters that the cycle sets for this track: words of choices, and numbers."""
    return settings_in(scheme_of(track), track.parameters) if track.parameters else {}


def settings_in(scheme: Scheme, written: Mapping[str, Any]) -> dict[str, Decimal | str]:
    parameters = scheme.parameters
    return {
        key: str(value) if parameters[key].choices else Decimal(str(value))
        for key, value in written.items()
        if key in parameters
    }


def rule_of(track: Track, step: str) -> StepRule | None:
    """The step's rule on this track, or None where it is off."""
    scheme = scheme_of(track)
    changed: Mapping[str, Any] = track.steps.get(step, {})
    rule = scheme.steps.get(step)
    if rule is None and changed.get("on"):
        rule = scheme.optional_steps.get(step)
    if rule is None or not changed.get("on", True):
        return rule if step in ALWAYS_ON else None
    if changed.get("days"):
        unit = rule.within.unit if rule.within else "working"
        rule = rule.model_copy(update={"within": Days(count=int(changed["days"]), unit=unit)})
    return rule


def is_on(track: Track, step: str) -> bool:
    return step in ALWAYS_ON or rule_of(track, step) is not None


def route(track: Track) -> list[Step]:
    """The steps that people on this track walk through, in order."""
    return [step for step in ROUTE if is_on(track, step)]


def next_step(track: Track, after: str | None) -> Step:
    """The first step that is on after the given one; from the start if None. CLOSED when none is left."""
    start = 0 if after is None else ROUTE.index(Step(after)) + 1
    return next((step for step in ROUTE[start:] if is_on(track, step)), Step.CLOSED)


def skipped_between(appraisal: Appraisal, source: str, target: str) -> list[str]:
    """The steps between the two that this track has switched off, for the visits that say so."""
    if target not in ROUTE or (source and source not in ROUTE):
        return []
    start = ROUTE.index(Step(source)) + 1 if source else 0
    return [step.value for step in ROUTE[start : ROUTE.index(Step(target))] if not is_on(appraisal.track, step)]
