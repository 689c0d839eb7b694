"""What is chosen by a word: ways of reckoning, columns of ledgers, settings of variants."""

from collections.abc import Iterator

from appraisal.schemes.checks.formulas import unknown
from appraisal.schemes.checks.naming import columns_in
from appraisal.schemes.problems import Problem, proposal
from appraisal.schemes.spec import Account, Items, Ledger, Parameter, Pick, Scheme

NUMBERS = ("number", "money")


def picks_of(scheme: Scheme) -> Iterator[tuple[str, Pick, tuple[str, ...]]]:
    for indicator in scheme.all_indicators:
        for field, pick in indicator.score.picks():
            yield f"{indicator.key}.score.{field}", pick, indicator.score.ways[field]
    for key, result in scheme.results.items():
        for field, known in result.ways.items():
            yield f"results.{key}.{field}", getattr(result, field), known


def ways_are_known(scheme: Scheme) -> Iterator[Problem]:
    for place, pick, known in picks_of(scheme):
        words: list[str] = [] if pick.word is None else [pick.word]
        if pick.parameter is not None:
            parameter = scheme.parameters.get(pick.parameter)
            if parameter is None:
                yield unknown("unknown_parameter", pick.parameter, scheme.parameters, place)
                continue
            if not parameter.choices:
                yield Problem("no_choices", {"name": pick.parameter}, f"parameters.{pick.parameter}")
            words = list(parameter.choices)
        for word in words:
            if word not in known:
                params = {"written": word, "known": ", ".join(known), "proposal": proposal(word, known)}
                yield Problem("unknown_way", params, place)


def columns_exist(scheme: Scheme) -> Iterator[Problem]:
    for indicator in scheme.all_indicators:
        rule = indicator.score
        if isinstance(rule, Items):
            ledger = scheme.inputs.get(rule.items)
            if isinstance(ledger, Ledger):
                yield from _items(rule, ledger, f"{indicator.key}.score")
    for key, result in scheme.results.items():
        if isinstance(result, Account):
            columns = columns_in(scheme, result.account)
            for name in ("actual", "target"):
                if columns and name not in columns:
                    yield unknown("unknown_column", name, columns, f"results.{key}.account")


def _items(rule: Items, ledger: Ledger, place: str) -> Iterator[Problem]:
    for field, name in (("status", rule.status), ("value", rule.value)):
        if name is not None and name not in ledger.columns:
            yield unknown("unknown_column", name, ledger.columns, f"{place}.{field}")
    if rule.value in ledger.columns and ledger.columns[str(rule.value)].type not in NUMBERS:
        yield Problem("column_of_numbers", {"name": str(rule.value)}, f"{place}.value")
    if rule.status not in ledger.columns:
        return
    statuses = ledger.columns[rule.status].choices
    if not statuses:
        yield Problem("column_of_choices", {"name": rule.status}, f"{place}.status")
        return
    for status in rule.off:
        if status not in statuses:
            yield unknown("unknown_status", status, statuses, f"{place}.off.{status}")
    for status in statuses:
        if status not in rule.off and status != "done":
            yield Problem("status_without_deduction", {"name": status}, f"{place}.off")


def variants_fit(scheme: Scheme) -> Iterator[Problem]:
    for key, variant in scheme.variants.items():
        for name, value in variant.sets.items():
            parameter = scheme.parameters.get(name)
            place = f"variants.{key}.sets.{name}"
            if parameter is None:
                yield unknown("unknown_parameter", name, scheme.parameters, place)
            elif not _fits(parameter, value):
                near = proposal(str(value), parameter.choices)
                yield Problem("unfit_setting", {"written": str(value), "name": name, "proposal": near}, place)


def _fits(parameter: Parameter, value: object) -> bool:
    return value in parameter.choices if parameter.choices else not isinstance(value, str)
