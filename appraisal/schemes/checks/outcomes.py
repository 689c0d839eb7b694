from collections.abc import Iterator

from appraisal.schemes.problems import Problem, proposal
from appraisal.schemes.spec import Commission, Pay, Proposal, Scheme


def grades_exist(scheme: Scheme) -> Iterator[Problem]:
    known = scheme.grades.names if scheme.grades else ()
    for key, outcome in scheme.outcomes.items():
        for written in _grades_named(outcome):
            if written not in known:
                near = proposal(written, known)
                yield Problem("unknown_grade", {"written": written, "proposal": near}, f"outcomes.{key}")
        if isinstance(outcome, Pay) and outcome.times:
            for grade in known:
                if grade not in outcome.times:
                    yield Problem("grade_without_multiplier", {"name": grade}, f"outcomes.{key}.times")


def _grades_named(outcome: Pay | Commission | Proposal) -> Iterator[str]:
    if isinstance(outcome, Pay):
        yield from outcome.times
        yield from outcome.plus
    elif isinstance(outcome, Proposal):
        for condition in outcome.when:
            for predicate in (condition.grade, condition.streak):
                if predicate is not None:
                    yield predicate.grade


def references_exist(scheme: Scheme) -> Iterator[Problem]:
    levels = {
        level for outcome in scheme.outcomes.values() if isinstance(outcome, Commission) for level in outcome.levels
    }
    indicators = {indicator.key for indicator in scheme.all_indicators}
    for key, outcome in scheme.outcomes.items():
        place = f"outcomes.{key}"
        if isinstance(outcome, Commission):
            yield from _unknown("unknown_level", [outcome.normal], levels, place)
            yield from _unknown("unknown_input", [outcome.of], set(scheme.inputs), place)
        elif isinstance(outcome, Proposal):
            named = [level for level in (outcome.level, outcome.or_level) if level is not None]
            yield from _unknown("unknown_level", named, levels, place)
            yield from _unknown("unknown_indicator", _indicators_named(outcome), indicators, place)
        yield from _periods(scheme, outcome, place)


def _indicators_named(outcome: Proposal) -> list[str]:
    conditions = [condition.indicator.indicator for condition in outcome.when if condition.indicator]
    return conditions + [target.of for target in (outcome.plan.targets if outcome.plan else ())]


def _periods(scheme: Scheme, outcome: Pay | Commission | Proposal, place: str) -> Iterator[Problem]:
    periods: list[str] = []
    if isinstance(outcome, Pay):
        periods = [outcome.each]
    elif isinstance(outcome, Proposal):
        periods = [condition.of for condition in outcome.when]
    yield from _unknown("period_not_appraised", periods, set(scheme.period_kinds), place)


def _unknown(code: str, written: list[str], known: set[str], place: str) -> Iterator[Problem]:
    for word in dict.fromkeys(written):
        if word not in known:
            yield Problem(code, {"written": word, "proposal": proposal(word, sorted(known))}, place)
