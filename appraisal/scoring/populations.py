"""A population that nobody is: inputs made up within what a scheme allows, the same ones for the same seed."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any

from appraisal.schemes.spec import (
    Completeness,
    Deliverable,
    Group,
    Incident,
    Indicator,
    Items,
    Ledger,
    Measure,
    Rating,
    Ratio,
    Scheme,
    Survey,
)
from appraisal.schemes.spec.inputs import AnyInput, Column
from appraisal.schemes.spec.rules.base import Rule
from appraisal.scoring.inputs import (
    Given,
    IncidentItem,
    Incidents,
    Inputs,
    Ratings,
    Source,
    SurveyFigure,
    TableRows,
    Told,
)
from appraisal.scoring.inputs import Measure as MeasureGiven
from appraisal.scoring.leaf import Numbers
from appraisal.scoring.simulation import Version

SOURCE = Source("simulation", datetime(2026, 1, 1, tzinfo=UTC), "made up")
DAY = SOURCE.when.date()
CENT = Decimal("0.01")
ROWS = 5
# So many are scored to see whether what is required is enough.
TRIED = 20


def made_up(scheme: Scheme, count: int, *, seed: int) -> dict[str, Inputs]:
    """So many people with plausible inputs. Money and figures lie around their targets, ratings in the upper half.

    Figures, tables and documents that may be left out are left out, unless somebody could not be scored without them.
    """
    needed = {key: spec for key, spec in scheme.inputs.items() if spec.required or isinstance(spec, Rating | Survey)}
    people = _people(scheme, needed, count, seed)
    version = Version(scheme, scheme.period_kinds[0], as_of=DAY)
    if all(version.score(people[who]).total is not None for who in list(people)[:TRIED]):
        return people
    return _people(scheme, scheme.inputs, count, seed)


def _people(scheme: Scheme, given: Mapping[str, AnyInput], count: int, seed: int) -> dict[str, Inputs]:
    # Not for secrets: the same people must come out again.
    chance = Random(seed)  # noqa: S311
    numbers = Numbers(scheme, {})
    worth = _worth_of_rows(scheme, numbers)
    people: dict[str, dict[str, Given]] = {
        f"{place:04d}": {
            key: _rows(spec, chance, numbers, worth.get(key, {}))
            if isinstance(spec, Ledger)
            else MAKERS[type(spec)](spec, chance, numbers)
            for key, spec in given.items()
        }
        for place in range(1, count + 1)
    }
    for indicator in scheme.all_indicators:
        for inputs in people.values():
            _relate(indicator.score, inputs, chance, numbers)
    return dict(people)


def _relate(rule: Rule, inputs: dict[str, Given], chance: Random, numbers: Numbers) -> None:
    """What is measured against another figure lies around its target too, and errors are few."""
    if isinstance(rule, Ratio):
        target = numbers.figure("target", rule.target) if rule.target else None
        _take_part(
            inputs, rule.ratio, rule.over, around(chance, 95, 12, 40, 140) * (target.value if target else 90) / 100
        )
    elif isinstance(rule, Completeness):
        _take_part(inputs, rule.completeness, rule.of, around(chance, 92, 6, 60, 100))
        if rule.errors is not None:
            inputs[rule.errors] = MeasureGiven(_few(chance), SOURCE)


def _take_part(inputs: dict[str, Given], key: str, whole_key: str, percent: Decimal) -> None:
    """The part follows the whole, unless it has a target of its own: then the whole follows."""
    part, whole = inputs.get(key), inputs.get(whole_key)
    if not isinstance(part, MeasureGiven) or not isinstance(whole, MeasureGiven):
        return
    if part.target is None:
        inputs[key] = MeasureGiven((whole.actual * percent / 100).quantize(CENT), SOURCE)
    else:
        inputs[whole_key] = MeasureGiven((part.actual * 100 / percent).quantize(CENT), SOURCE, whole.target)


def _few(chance: Random) -> Decimal:
    return Decimal(chance.choices((0, 1, 2, 3), (60, 25, 10, 5))[0])


def around(chance: Random, middle: float, spread: float, low: float, high: float) -> Decimal:
    return Decimal(str(round(min(max(chance.gauss(middle, spread), low), high), 2))).quantize(CENT)


def _measure(spec: Measure, chance: Random, numbers: Numbers) -> Given:
    if spec.type == "choice":
        return Told(chance.choice(list(spec.choices)), SOURCE)
    if spec.type == "flag":
        return Told(chance.random() < 0.2, SOURCE)
    if spec.type == "date":
        return Told(DAY, SOURCE)
    percent = spec.unit.en == "%"
    target = Decimal(100)
    if spec.better == "lower" and spec.target == "none":
        return MeasureGiven(_few(chance), SOURCE)
    actual = around(chance, 80, 12, 0, 100) if percent else around(chance, 95, 15, 20, 150)
    return MeasureGiven(actual, SOURCE, None if spec.target == "none" else target)


def _scale(spec: Rating | Survey, numbers: Numbers) -> Decimal:
    figure = numbers.figure("scale", spec.scale.points)
    return Decimal(100) if figure is None else figure.value


def _rating(spec: Rating, chance: Random, numbers: Numbers) -> Given:
    top = _scale(spec, numbers)
    people = 4 if spec.at_least or spec.anonymous else 1
    if spec.scale.levels:
        levels = [figure.value for one in spec.scale.levels if (figure := numbers.figure("level", one.points))]
        points = tuple(chance.choice(levels) for _ in range(people))
    else:
        points = tuple((around(chance, 80, 10, 0, 100) * top / 100).quantize(CENT) for _ in range(people))
    return Ratings(points, tuple(SOURCE for _ in points))


def _survey(spec: Survey, chance: Random, numbers: Numbers) -> Given:
    if spec.form == "nps":
        return SurveyFigure(around(chance, 30, 25, -100, 100), 40, SOURCE)
    return SurveyFigure((around(chance, 84, 8, 0, 100) * _scale(spec, numbers) / 100).quantize(CENT), 40, SOURCE)


def _incidents(spec: Incident, chance: Random, numbers: Numbers) -> Given:
    kinds = list(spec.severities)
    happened = [chance.choice(kinds) for _ in range(chance.choices((0, 1, 2), (80, 15, 5))[0])]
    items = tuple(IncidentItem(DAY, kind, kind, str(place)) for place, kind in enumerate(happened, start=1))
    return Incidents(items, SOURCE)


def _worth_of_rows(scheme: Scheme, numbers: Numbers) -> dict[str, dict[str, Decimal]]:
    """By ledger and column: what the rows have to add up to, where they are the work that a weight is shared out on."""
    found: dict[str, dict[str, Decimal]] = {}
    for indicator in unconditional(scheme.indicators):
        rule = indicator.score
        if isinstance(rule, Items) and rule.value:
            weight = numbers.figure("weight", indicator.weight)
            found.setdefault(rule.items, {})[rule.value] = Decimal(0) if weight is None else weight.value
    return found


def unconditional(branches: tuple[Group | Indicator, ...]) -> Iterator[Indicator]:
    """The indicators that count for everybody."""
    for branch in branches:
        if branch.when is not None:
            continue
        if isinstance(branch, Group):
            yield from unconditional(branch.of)
        else:
            yield branch


def _rows(spec: Ledger, chance: Random, numbers: Numbers, worth: Mapping[str, Decimal]) -> Given:
    most = numbers.figure("at_most_rows", spec.at_most_rows) if spec.at_most_rows else None
    count = ROWS if most is None else min(ROWS, int(most.value))
    count = count if worth else chance.randint(min(max(spec.at_least_rows, 1), count), count)
    rows = tuple(
        {
            name: worth[name] / count if name in worth else CELLS[column.type](column, chance)
            for name, column in spec.columns.items()
        }
        for _row in range(count)
    )
    return TableRows(rows, SOURCE)


def _choice(column: Column, chance: Random) -> str:
    """Mostly the first, which is how schemes write what is as it should be."""
    words = list(column.choices)
    return words[0] if chance.random() < 0.75 else chance.choice(words)


CELLS: dict[str, Callable[[Column, Random], Decimal | bool | str | date | None]] = {
    "text": lambda column, chance: None,
    "person": lambda column, chance: None,
    "choice": _choice,
    "flag": lambda column, chance: chance.random() < 0.8,
    "date": lambda column, chance: DAY,
    "time": lambda column, chance: Decimal(chance.randint(8 * 60, 18 * 60)),
    "number": lambda column, chance: around(chance, 80, 12, 0, 100),
    "money": lambda column, chance: around(chance, 100_000, 30_000, 1_000, 300_000),
}


def _documents(spec: Deliverable, chance: Random, numbers: Numbers) -> Given:
    """Most of what is expected comes, in time and well done."""
    rows = tuple(
        {
            "document": name, "status": "accepted" if chance.random() < 0.9 else "returned",
            "quality": around(chance, 80, 10, 0, 100), "version": Decimal(1), "due": DAY, "handed_in": DAY,
        }
        for name in (spec.expected or ("1",))
        if chance.random() < 0.9
    )  # fmt: skip
    return TableRows(rows, SOURCE)


MAKERS: dict[type, Callable[[Any, Random, Numbers], Given]] = {
    Measure: _measure, Rating: _rating, Survey: _survey, Incident: _incidents, Deliverable: _documents,
}  # fmt: skip
