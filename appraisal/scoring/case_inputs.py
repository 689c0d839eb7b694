"""What a case gives, read as the inputs of its scheme, or refused with the place and a proposal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from appraisal.schemes.problems import proposal
from appraisal.schemes.spec import (
    Deliverable,
    Incident,
    Ledger,
    Measure,
    Number,
    Pay,
    Rating,
    Scheme,
    Survey,
    columns_of,
)
from appraisal.schemes.spec.inputs import Column
from appraisal.scoring import inputs as given
from appraisal.scoring.decimals import CONTEXT, HUNDRED, shown
from appraisal.scoring.refusals import CaseError
from appraisal.scoring.values import Row, Value

SOURCE = given.Source("case", datetime(2026, 1, 1, tzinfo=UTC), "worked example")
ONE_OF = "one of {known} is expected, not '{written}'"
NUMBER_LEFT_OUT = "the scheme leaves out a number that this needs: {written}"
LEVEL_OR_POINTS = "a level or points are expected, not '{written}'"
AT_MOST_ROWS = "at most {most} rows are possible, not {count}"
AT_LEAST_ROWS = "at least {least} rows are needed, not {count}"
YES, NO = (True, "yes", "true", "是"), (False, "no", "false", "否")


@dataclass(slots=True)
class Entered:
    inputs: dict[str, given.Given] = field(default_factory=dict)
    # What the outcomes of the scheme need beside its inputs: amounts of money, the grades and totals of periods.
    amounts: dict[str, Decimal] = field(default_factory=dict)
    grade: str | None = None
    history: tuple[str | None, ...] | None = None
    totals: tuple[Decimal | None, ...] | None = None
    # The parameters that the variant of the case sets.
    settings: Mapping[str, Decimal | str] = field(default_factory=dict)


def amounts_of(scheme: Scheme) -> dict[str, str]:
    """The amounts that the outcomes of the scheme reckon with, and which of them."""
    found: dict[str, str] = {}
    for key, outcome in scheme.outcomes.items():
        if isinstance(outcome, Pay) and outcome.times:
            found.setdefault(outcome.of, key)
            if outcome.plus:
                found.setdefault("month_salary", key)
    return found


def entered(scheme: Scheme, case: Mapping[str, Any], settings: Mapping[str, Decimal | str]) -> Entered:
    """The inputs of a case. `settings` are the parameters that it sets."""
    scheme = with_settings(scheme, settings)
    found, amounts = Entered(), amounts_of(scheme)
    known = [*scheme.inputs, *amounts, "grade", "history", "totals"]
    for key, value in case.items():
        place = f"input.{key}"
        if key in scheme.inputs:
            spec = scheme.inputs[key]
            found.inputs[key] = _absent(value) or READERS[type(spec)](scheme, spec, value, place)
        elif key in amounts:
            found.amounts[key] = number(value, place)
        elif key == "grade":
            found.grade = grade(scheme, value, place)
        elif key == "history":
            found.history = tuple(None if one is None else grade(scheme, one, place) for one in listed(value, place))
        elif key == "totals":
            found.totals = tuple(None if one is None else number(one, place) for one in listed(value, place))
        else:
            raise CaseError(place, "{scheme} has no such input", proposal(str(key), known), scheme=scheme.scheme)
    return found


def with_settings(scheme: Scheme, settings: Mapping[str, Decimal | str]) -> Scheme:
    if not settings:
        return scheme
    changed = {
        name: scheme.parameters[name].model_copy(update={"value": value, "assumed": None, "missing": None})
        for name, value in settings.items()
    }
    return scheme.model_copy(update={"parameters": {**scheme.parameters, **changed}})


def grade(scheme: Scheme, written: Any, place: str) -> str:
    for band in scheme.grades.bands if scheme.grades else ():
        if written in (band.grade, band.label.zh, band.label.en):
            return band.grade
    raise CaseError(place, "'{written}' is no grade of {scheme}", written=written, scheme=scheme.scheme)


def _absent(value: Any) -> given.Absent | None:
    if isinstance(value, dict) and set(value) == {"absent"}:
        return given.Absent(str(value["absent"]), SOURCE)
    return None


def number(value: Any, place: str) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    raise CaseError(place, "a number is expected, not '{written}'", written=value)


def day(value: Any, place: str) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise CaseError(place, "a date like 2026-03-31 is expected, not '{written}'", written=value) from error


def minutes(value: Any, place: str) -> Decimal:
    """14:25 as minutes since midnight."""
    hours, _, rest = str(value).partition(":")
    if not (hours.isdigit() and rest.isdigit() and int(hours) < 24 and int(rest) < 60):
        raise CaseError(place, "a time like 14:25 is expected, not '{written}'", written=value)
    return Decimal(int(hours) * 60 + int(rest))


def flag(value: Any, place: str) -> bool:
    if value in YES or value in NO:
        return value in YES
    raise CaseError(place, "true or false is expected, not '{written}'", written=value)


def listed(value: Any, place: str) -> list[Any]:
    if isinstance(value, list):
        return value
    raise CaseError(place, "a list is expected, not '{written}'", written=value)


def choice(value: Any, choices: Mapping[str, Any], place: str) -> str:
    for key, label in choices.items():
        if value in (key, label.zh, label.en):
            return key
    near = proposal(str(value), choices)
    raise CaseError(place, ONE_OF, near, known=", ".join(choices), written=value)


def keys_of(value: Mapping[str, Any], known: tuple[str, ...], place: str) -> None:
    for key in value:
        if key not in known:
            near = proposal(str(key), known)
            raise CaseError(f"{place}.{key}", "unknown here; known are {known}", near, known=", ".join(known))


def _measure(scheme: Scheme, spec: Measure, value: Any, place: str) -> given.Given:
    if spec.type == "choice":
        return given.Told(choice(value, spec.choices, place), SOURCE)
    if spec.type == "flag":
        return given.Told(flag(value, place), SOURCE)
    if spec.type == "date":
        return given.Told(day(value, place), SOURCE)
    if spec.type == "time":
        return given.Measure(minutes(value, place), SOURCE)
    if not isinstance(value, dict):
        return given.Measure(number(value, place), SOURCE)
    keys_of(value, ("actual", "target", "split"), place)
    if "actual" not in value:
        raise CaseError(f"{place}.actual", "this key is missing")
    target = number(value["target"], f"{place}.target") if value.get("target") is not None else None
    parts = tuple(part.key for part in spec.split)
    keys_of(value.get("split", {}), parts, f"{place}.split")
    split = {key: number(part, f"{place}.split.{key}") for key, part in value.get("split", {}).items()}
    return given.Measure(number(value["actual"], f"{place}.actual"), SOURCE, target, split)


def _rating(scheme: Scheme, spec: Rating, value: Any, place: str) -> given.Given:
    if isinstance(value, dict):
        keys_of(value, ("ratings",), place)
        value = value.get("ratings", [])
    answers = value if isinstance(value, list) else [value]
    points = tuple(_points(scheme, spec, answer, place) for answer in answers)
    return given.Ratings(points, tuple(SOURCE for _ in points))


def value_in(scheme: Scheme, written: Number, place: str) -> Decimal:
    value = written.value if written.value is not None else written.assumed
    if written.parameter is not None:
        value = scheme.parameters[written.parameter].number
    if value is None:
        raise CaseError(place, NUMBER_LEFT_OUT, written=written.parameter or "points")
    return value


def _points(scheme: Scheme, spec: Rating, answer: Any, place: str) -> Decimal:
    """Points, or the level that stands for them."""
    for level in spec.scale.levels:
        if isinstance(answer, str) and answer in (level.level, level.label.zh, level.label.en):
            return value_in(scheme, level.points, place)
    if isinstance(answer, str):
        known = [level.level or level.label.en for level in spec.scale.levels]
        raise CaseError(place, LEVEL_OR_POINTS, proposal(answer, known), written=answer)
    return number(answer, place)


def _survey(scheme: Scheme, spec: Survey, value: Any, place: str) -> given.Given:
    enough = value_in(scheme, spec.at_least, place) if spec.at_least else Decimal(1)
    if not isinstance(value, dict):
        return given.SurveyFigure(number(value, place), int(enough), SOURCE)
    keys_of(value, ("points", "answers", "promoters", "detractors"), place)
    answers = number(value.get("answers", enough), f"{place}.answers")
    if "promoters" not in value:
        return given.SurveyFigure(number(value.get("points"), f"{place}.points"), int(answers), SOURCE)
    net = number(value["promoters"], f"{place}.promoters") - number(value.get("detractors", 0), f"{place}.detractors")
    if answers <= 0:
        raise CaseError(f"{place}.answers", "nobody answered: there is no net promoter score")
    return given.SurveyFigure(CONTEXT.divide(net * HUNDRED, answers), int(answers), SOURCE)


def _incidents(scheme: Scheme, spec: Incident, value: Any, place: str) -> given.Given:
    """Severities by name, rows with severity and day, or how many of each."""
    if isinstance(value, dict):
        keys_of(value, (*spec.severities, "incidents"), place)
        value = value.get("incidents") or [
            kind for kind, many in value.items() for _ in range(int(number(many, place)))
        ]
    items = []
    for count, one in enumerate(listed(value, place), start=1):
        row = one if isinstance(one, dict) else {"severity": one}
        keys_of(row, ("severity", "day", "kind"), f"{place}[{count}]")
        severity = choice(row.get("severity"), {key: level.label for key, level in spec.severities.items()}, place)
        when = day(row["day"], place) if "day" in row else SOURCE.when.date()
        items.append(given.IncidentItem(when, str(row.get("kind", severity)), severity, str(count)))
    return given.Incidents(tuple(items), SOURCE)


def _ledger(scheme: Scheme, spec: Ledger, value: Any, place: str) -> given.Given:
    rows = listed(value, place)
    limit = value_in(scheme, spec.at_most_rows, place) if spec.at_most_rows else None
    if limit is not None and len(rows) > limit:
        raise CaseError(place, AT_MOST_ROWS, most=shown(limit), count=len(rows))
    if len(rows) < spec.at_least_rows:
        raise CaseError(place, AT_LEAST_ROWS, least=spec.at_least_rows, count=len(rows))
    return given.TableRows(tuple(_row(spec, row, f"{place}[{n}]") for n, row in enumerate(rows, start=1)), SOURCE)


def _row(spec: Ledger, row: Any, place: str) -> Row:
    if not isinstance(row, dict):
        raise CaseError(place, "a row is a list of columns with values")
    keys_of(row, tuple(spec.columns), place)
    return {name: _cell(column, row.get(name), f"{place}.{name}") for name, column in spec.columns.items()}


def _cell(column: Column, value: Any, place: str) -> Value | None:
    if value is None:
        value = column.default
    if value is None:
        if column.required:
            raise CaseError(place, "this column is missing")
        return None
    if column.type == "choice":
        return choice(value, column.choices, place)
    return CELLS.get(column.type, _text)(value, place)


def _text(value: Any, place: str) -> str:
    return str(value)


CELLS: dict[str, Callable[[Any, str], Value]] = {
    "number": number,
    "money": number,
    "date": day,
    "time": minutes,
    "flag": flag,
}


def _documents(scheme: Scheme, spec: Deliverable, value: Any, place: str) -> given.Given:
    kinds = columns_of(spec) or {}
    rows: list[Row] = []
    for count, one in enumerate(listed(value, place), start=1):
        row = one if isinstance(one, dict) else {"document": one, "status": "accepted"}
        keys_of(row, tuple(kinds), f"{place}[{count}]")
        if spec.expected:
            row = {**row, "document": choice(row.get("document"), spec.expected, f"{place}[{count}].document")}
        cells = {
            name: None if row.get(name) is None else CELLS.get(kind, _text)(row[name], f"{place}[{count}].{name}")
            for name, kind in kinds.items()
        }
        rows.append(cells)
    return given.TableRows(tuple(rows), SOURCE)


READERS: dict[type, Callable[[Scheme, Any, Any, str], given.Given]] = {
    Measure: _measure, Rating: _rating, Survey: _survey, Incident: _incidents, Ledger: _ledger, Deliverable: _documents,
}  # fmt: skip
