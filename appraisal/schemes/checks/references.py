from collections.abc import Iterator

from appraisal.schemes.checks.naming import formulas_of
from appraisal.schemes.checks.numbers import numbers_of
from appraisal.schemes.checks.ways import picks_of
from appraisal.schemes.expressions import mentions_in
from appraisal.schemes.problems import Problem, proposal
from appraisal.schemes.spec import (
    Attainment,
    Commission,
    Deductions,
    Deliverable,
    Incident,
    Indicator,
    Inverse,
    Measure,
    Scheme,
    StepScore,
)


def missing_numbers(scheme: Scheme) -> Iterator[Problem]:
    for name, parameter in scheme.parameters.items():
        if parameter.missing:
            yield Problem("number_missing", {"name": name}, f"parameters.{name}")
    for key, number in numbers_of(scheme, ""):
        if number.missing:
            yield Problem("number_missing", {"name": key}, key)


def unknown_parameters(scheme: Scheme) -> Iterator[Problem]:
    for key, name in _parameters_named(scheme):
        if name not in scheme.parameters:
            near = proposal(name, scheme.parameters)
            yield Problem("unknown_parameter", {"written": name, "proposal": near}, key)


def unused_parameters(scheme: Scheme) -> Iterator[Problem]:
    used = {name for _, name in _parameters_named(scheme)}
    used |= {mention.name for written in formulas_of(scheme) for mention in mentions_in(written.text)}
    used |= {mention.beside or "" for written in formulas_of(scheme) for mention in mentions_in(written.text)}
    used |= {mention.name for check in scheme.checks for mention in mentions_in(check.that)}
    used |= {pick.parameter for _, pick, _ in picks_of(scheme) if pick.parameter is not None}
    for name in scheme.parameters:
        if name not in used:
            yield Problem("unused_parameter", {"name": name}, f"parameters.{name}", level="warning")


def inputs_of_rules(scheme: Scheme) -> Iterator[Problem]:
    for indicator in scheme.all_indicators:
        place = f"{indicator.key}.score"
        for field, name, kinds in indicator.score.inputs_named():
            spec = scheme.inputs.get(name)
            if spec is None:
                near = proposal(name, scheme.inputs)
                yield Problem("unknown_input", {"written": name, "proposal": near}, f"{place}.{field}")
            elif spec.kind not in kinds:
                params = {"written": name, "kind": spec.kind, "known": ", ".join(kinds)}
                yield Problem("wrong_input", params, f"{place}.{field}")
        yield from _fits(scheme, indicator, place)


def _fits(scheme: Scheme, indicator: Indicator, place: str) -> Iterator[Problem]:
    rule = indicator.score
    if isinstance(rule, Attainment):
        measure = scheme.inputs.get(rule.attainment)
        if isinstance(measure, Measure) and measure.target != "required":
            yield Problem("target_not_asked", {"name": rule.attainment}, place)
        if isinstance(measure, Measure) and measure.better == "lower":
            yield Problem("lower_is_better", {"name": rule.attainment}, place)
    if isinstance(rule, Inverse | StepScore) and rule.target is None:
        name = rule.inverse if isinstance(rule, Inverse) else rule.step
        measure = scheme.inputs.get(name)
        if isinstance(measure, Measure) and measure.target == "none":
            yield Problem("target_not_asked", {"name": name}, place)
    if isinstance(rule, Deductions):
        incident = scheme.inputs.get(rule.deductions)
        if isinstance(incident, Incident):
            yield from _severities(rule, incident, place)


def _severities(rule: Deductions, incident: Incident, place: str) -> Iterator[Problem]:
    priced = {*rule.each, *rule.leaves_nothing}
    for name in sorted(priced - incident.severities.keys()):
        near = proposal(name, incident.severities)
        yield Problem("unknown_severity", {"written": name, "proposal": near}, f"{place}.{name}")
    for name in incident.severities:
        if name not in priced:
            yield Problem("severity_without_deduction", {"name": name}, place)


def unused_inputs(scheme: Scheme) -> Iterator[Problem]:
    read = {key for indicator in scheme.all_indicators for _, key, _ in indicator.score.inputs_named()}
    read |= {result.rows_of for result in scheme.results.values() if result.rows_of is not None}
    read |= {outcome.of for outcome in scheme.outcomes.values() if isinstance(outcome, Commission)}
    read |= {mention.name for written in formulas_of(scheme) for mention in mentions_in(written.text)}
    for name, spec in scheme.inputs.items():
        # A document is asked for even where no figure rests on it.
        if spec.scored and name not in read and not isinstance(spec, Deliverable):
            yield Problem("unused_input", {"name": name}, f"inputs.{name}", level="warning")


def _parameters_named(scheme: Scheme) -> Iterator[tuple[str, str]]:
    for key, number in numbers_of(scheme, ""):
        if number.parameter is not None:
            yield key, number.parameter
    for name, spec in scheme.inputs.items():
        for parameter in spec.rests_on:
            yield f"inputs.{name}.rests_on", parameter
