"""What a document that reads well may still get wrong. Errors stand in the way of publishing, warnings do not."""

from collections.abc import Callable, Iterator

from appraisal.schemes.checks import (
    bands,
    cross,
    formulas,
    outcomes,
    references,
    results,
    steps,
    tables,
    ways,
    weights,
)
from appraisal.schemes.loader import load_scheme
from appraisal.schemes.places import placed
from appraisal.schemes.problems import Problem
from appraisal.schemes.spec import Scheme

CHECKS: tuple[Callable[[Scheme], Iterator[Problem]], ...] = (
    references.missing_numbers,
    references.unknown_parameters,
    references.unused_parameters,
    references.inputs_of_rules,
    references.unused_inputs,
    formulas.names_are_known,
    formulas.tables_of_results,
    results.no_result_rests_on_itself,
    results.names_are_told_apart,
    results.outcomes_pay_results,
    tables.tables_close,
    tables.words_are_known,
    ways.ways_are_known,
    ways.columns_exist,
    ways.variants_fit,
    cross.checks_hold,
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


def examined(text: str, *, file: str) -> tuple[Problem, ...]:
    """The findings on a document, each with its file and line. Raises SchemeRefusedError where it does not read."""
    return placed(validate(load_scheme(text, file=file)), text, file=file)
