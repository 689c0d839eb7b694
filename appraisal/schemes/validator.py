"""What a document that reads well may still get wrong. Errors stand in the way of publishing, warnings do not."""

from collections.abc import Callable, Iterator

from appraisal.schemes.checks import bands, outcomes, references, steps, weights
from appraisal.schemes.problems import Problem
from appraisal.schemes.spec import Scheme

CHECKS: tuple[Callable[[Scheme], Iterator[Problem]], ...] = (
    references.missing_numbers,
    references.unknown_parameters,
    references.unused_parameters,
    references.inputs_of_rules,
    references.unused_inputs,
    weights.weights_add_up,
    weights.names_are_unique,
    weights.every_period_has_something,
    bands.bands_close,
    bands.grades_are_reachable,
    outcomes.grades_exist,
    outcomes.references_exist,
    steps.steps_hold_together,
)


def validate(scheme: Scheme) -> tuple[Problem, ...]:
    return tuple(problem for check in CHECKS for problem in check(scheme))


def stands_in_the_way(scheme: Scheme) -> tuple[Problem, ...]:
    return tuple(problem for problem in validate(scheme) if problem.level == "error")
