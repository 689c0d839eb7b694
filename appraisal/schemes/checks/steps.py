from collections.abc import Iterator

from appraisal.schemes.problems import Problem, proposal
from appraisal.schemes.spec import Scheme, Step

# Somebody has to judge, to let the result out, and to hear who objects.
INDISPENSABLE = ("scoring", "decided", "appeal_window", "appealed")


def steps_hold_together(scheme: Scheme) -> Iterator[Problem]:
    for name in INDISPENSABLE:
        if scheme.steps[name] is None:
            yield Problem("indispensable_step", {}, f"steps.{name}")
    for name, step in scheme.steps.items():
        if step is not None:
            yield from _step(step, f"steps.{name}")
            if name in scheme.optional_steps:
                yield Problem("step_on_and_optional", {}, f"optional_steps.{name}", level="warning")
    for name, step in scheme.optional_steps.items():
        yield from _step(step, f"optional_steps.{name}")


def _step(step: Step, key: str) -> Iterator[Problem]:
    timed = step.within or step.months or step.check_in_every
    if step.on_expiry != "wait" and not step.within:
        yield Problem("expiry_without_days", {}, f"{key}.on_expiry")
    elif (step.remind or step.escalate) and not (step.within or step.check_in_every):
        yield Problem("ladder_without_days", {}, f"{key}.remind")
    elif not timed and step.holder != ("system",):
        yield Problem("step_without_days", {}, key, level="warning")
    if step.on_expiry != "wait" and step.escalate:
        yield Problem("escalates_after_expiry", {}, f"{key}.escalate", level="warning")
    for field in step.assumed:
        if not getattr(step, field, None):
            near = proposal(field, type(step).model_fields)
            yield Problem("unknown_assumed", {"written": field, "proposal": near}, f"{key}.assumed")
