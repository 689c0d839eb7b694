"""What a case of a scheme needs and what it gives, as plain data."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from appraisal.schemes.spec import (
    AnyInput,
    Band,
    Deliverable,
    Group,
    Incident,
    Indicator,
    Ledger,
    Measure,
    Number,
    Parameter,
    Rating,
    Scheme,
    Survey,
    Text,
)
from appraisal.schemes.variants import RUNNABLE, SOURCE, runnable
from appraisal.scoring.case_inputs import amounts_of
from appraisal.scoring.decimals import plain

Json = dict[str, Any]


def described(scheme: Scheme) -> Json:
    return {
        "scheme": scheme.scheme,
        "ids": list(scheme.ids),
        "title": text(scheme.title),
        "source": {"file": scheme.source.file, "clause": scheme.source.clause},
        "valid_from": scheme.valid_from.isoformat(),
        "subject": scheme.subject,
        "periods": list(scheme.period_kinds),
        "variants": _variants(scheme),
        "notes": [text(note) for note in scheme.notes],
        "inputs": {key: _input(scheme, spec) for key, spec in scheme.inputs.items()} | _beside(scheme),
        "parameters": {key: _parameter(parameter) for key, parameter in scheme.parameters.items()},
        "outputs": _outputs(scheme),
    }


def text(words: Text | None) -> Json | None:
    return None if words is None else {"zh": words.zh, "en": words.en}


def _variants(scheme: Scheme) -> Json:
    blank = [name for name, parameter in scheme.parameters.items() if parameter.missing]
    return {
        RUNNABLE: "missing numbers take their proposal (the default)",
        SOURCE: f"as the source has it; missing: {', '.join(blank) or 'nothing'}",
        **{key: f"{variant.label.en}: {_sets(variant.sets)}" for key, variant in scheme.variants.items()},
    }


def _sets(sets: dict[str, Decimal | str]) -> str:
    return ", ".join(f"{name} = {setting(value)}" for name, value in sets.items())


def setting(value: Decimal | str | None) -> str | None:
    return plain(value) if isinstance(value, Decimal) else value


def _input(scheme: Scheme, spec: AnyInput) -> Json:
    found: Json = {"label": text(spec.label), "kind": spec.kind, "required": spec.required}
    if spec.periods:
        found["periods"] = list(spec.periods)
    if spec.clause:
        found["clause"] = spec.clause
    if isinstance(spec, Measure):
        found |= {"type": spec.type, "unit": text(spec.unit), "target": spec.target, "better": spec.better}
        found |= {"choices": {key: text(label) for key, label in spec.choices.items()}} if spec.choices else {}
        found |= {"split": [part.key for part in spec.split]} if spec.split else {}
    elif isinstance(spec, Rating | Survey):
        found |= {"by": spec.by, "scale": _number(scheme, spec.scale.points)}
        found |= {"at_least": _number(scheme, spec.at_least)} if spec.at_least else {}
        levels = {level.level or level.label.en: _number(scheme, level.points) for level in spec.scale.levels}
        found |= {"levels": levels} if levels else {}
        found |= {"form": spec.form} if isinstance(spec, Survey) else {"anonymous": spec.anonymous}
    elif isinstance(spec, Incident):
        found["severities"] = {key: text(severity.label) for key, severity in spec.severities.items()}
    elif isinstance(spec, Ledger):
        found["columns"] = {key: _column(column) for key, column in spec.columns.items()}
        found |= {"at_most_rows": _number(scheme, spec.at_most_rows)} if spec.at_most_rows else {}
    elif isinstance(spec, Deliverable):
        found["expected"] = {key: text(label) for key, label in spec.expected.items()}
    return found


def _column(column: Any) -> Json:
    found: Json = {"label": text(column.label), "type": column.type, "required": column.required}
    found |= {"unit": text(column.unit)} if column.unit else {}
    found |= {"choices": {key: text(label) for key, label in column.choices.items()}} if column.choices else {}
    if column.default is not None:
        found["default"] = column.default if isinstance(column.default, bool) else setting(column.default)
    return found


def _number(scheme: Scheme, number: Number | None) -> str | None:
    if number is None:
        return None
    if number.parameter is not None:
        return f"{setting(runnable(scheme).parameters[number.parameter].setting)} ({number.parameter})"
    return setting(number.value if number.value is not None else number.assumed)


def _beside(scheme: Scheme) -> Json:
    """What the outcomes and the roll-up of the scheme can be given beside its inputs."""
    found: Json = {}
    for key, outcome in amounts_of(scheme).items():
        found[key] = {"kind": "amount", "unit": {"zh": "元", "en": "CNY"}, "required": False, "for": outcome}
    if scheme.grades is not None:
        found["grade"] = {"kind": "grade", "required": False, "for": "outcomes, where nothing is scored"}
        found["history"] = {"kind": "grades", "required": False, "for": "outcomes over several periods, oldest first"}
    if scheme.roll_up is not None:
        found["totals"] = {"kind": "totals", "required": False, "for": f"the roll-up into a {scheme.roll_up.into}"}
    return found


def _parameter(parameter: Parameter) -> Json:
    origin = "source" if parameter.value is not None else "assumed" if parameter.assumed is not None else "missing"
    found: Json = {"label": text(parameter.label), "origin": origin, "value": setting(parameter.setting)}
    if parameter.missing:
        found["proposed"] = setting(parameter.proposed)
    found |= {"unit": text(parameter.unit)} if parameter.unit else {}
    found |= {"clause": parameter.clause} if parameter.clause else {}
    found |= {"note": text(parameter.note)} if parameter.note else {}
    found |= {"choices": {key: text(label) for key, label in parameter.choices.items()}} if parameter.choices else {}
    return found


def _outputs(scheme: Scheme) -> Json:
    found: Json = {}
    if scheme.indicators:
        full = _number(scheme, scheme.total.out_of) if scheme.total else "100"
        found["total"] = {"kind": "score", "out_of": full}
        if scheme.grades is not None:
            found["grade"] = {"kind": "grade", "bands": [_band(scheme, band) for band in scheme.grades.bands]}
    found |= dict(_branches(scheme, scheme.indicators))
    for key, result in scheme.results.items():
        found[key] = {"kind": result.kind, "label": text(result.label), "unit": text(result.unit)}
        written = {field: formula for field, formula, _ in result.formulas_written()}
        found[key] |= {"formulas": written} if written else {}
        found[key] |= {"columns": list(result.adds())} if result.adds() else {}
    for key, outcome in scheme.outcomes.items():
        found[key] = {"kind": outcome.kind, "label": text(outcome.label)}
    return found


def _band(scheme: Scheme, band: Band) -> Json:
    bounds = {name: _number(scheme, getattr(band, name)) for name in ("at_least", "above", "at_most", "below")}
    return {"grade": band.grade, "label": text(band.label), **{name: one for name, one in bounds.items() if one}}


def _branches(scheme: Scheme, branches: tuple[Group | Indicator, ...]) -> Iterator[tuple[str, Json]]:
    mark = "points" if scheme.marks == "points" else "score"
    for branch in branches:
        found: Json = {"kind": mark, "label": text(branch.label), "weight": _number(scheme, branch.weight)}
        if isinstance(branch, Group):
            yield branch.key, found
            yield from _branches(scheme, branch.of)
        else:
            found["rule"] = branch.score.kind
            found["reads"] = [key for _, key, _ in branch.score.inputs_named()]
            written = dict(branch.score.formulas_written())
            found |= {"formulas": written} if written else {}
            yield branch.key, found
