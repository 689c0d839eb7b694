"""The sheet of indicators that both reviews are written on: what was asked, what was reached, who said what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.forms import BoundField, Form

from appraisal.assessments.naming import reader_is_english
from appraisal.assessments.rules import in_period, indicators_of, number_in
from appraisal.cycles.models import Appraisal
from appraisal.cycles.process import scheme_of
from appraisal.records.models import Actual, Incident
from appraisal.records.queries import figures_of, incidents_of
from appraisal.records.typed import clock_words, shown
from appraisal.schemes.spec import Attainment, Group, Indicator, Ratio, Scheme, Text
from appraisal.schemes.spec import Incident as IncidentSpec
from appraisal.schemes.spec import Measure as MeasureSpec
from appraisal.schemes.spec import Rating as RatingSpec
from appraisal.schemes.spec import Survey as SurveySpec

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Share:
    label: str
    value: Decimal
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure with its target and its source; `figure` None where nobody has entered it."""

    label: str
    unit: str
    figure: Actual | None
    attained: Decimal | None = None
    # A fact or a time as it is read.
    words: str = ""
    shares: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class IncidentLine:
    incident: Incident
    severity: str


@dataclass(slots=True)
class Row:
    key: str
    label: str
    definition: str
    weight: Decimal | None
    looks_at: list[str] = field(default_factory=list)
    figures: list[FigureLine] = field(default_factory=list)
    ratio: Decimal | None = None
    audited: bool = False
    incidents: list[IncidentLine] = field(default_factory=list)
    # Who rates it, and for which input, where it is not measured.
    rated_by: str = ""
    rating_keys: list[str] = field(default_factory=list)
    comment: BoundField | None = None
    points: list[BoundField] = field(default_factory=list)
    words: str = ""
    manager_words: str = ""
    manager_points: list[tuple[str, str]] = field(default_factory=list)
    evidence: list[Mapping[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Section:
    label: str
    weight: Decimal | None
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Papers:
    """What was handed in, or is being written: the contents of both reviews and the files."""

    own: Mapping[str, Any] = field(default_factory=dict)
    manager: Mapping[str, Any] = field(default_factory=dict)
    evidence: Sequence[Mapping[str, Any]] = ()


def text(words: Text | None) -> str:
    return "" if words is None else (words.en if reader_is_english() else words.zh)


def sheet_of(appraisal: Appraisal, papers: Papers, form: Form | None = None) -> list[Section]:
    """The indicators in groups, in two queries: figures and incidents."""
    figures = figures_of([appraisal])[appraisal.pk]
    incidents = incidents_of([appraisal])[appraisal.pk]
    scheme = scheme_of(appraisal.track)
    asked = {leaf.key for leaf in indicators_of(appraisal)}
    sections: list[Section] = []
    for branch in scheme.indicators:
        leaves = [branch] if isinstance(branch, Indicator) else leaves_of(branch)
        rows = [
            fill(row_of(appraisal, scheme, leaf, figures, incidents), papers, form)
            for leaf in leaves
            if leaf.key in asked
        ]
        for row in rows:
            row.manager_points = given_points(scheme, row, papers.manager)
        if rows:
            sections.append(Section(text(branch.label), _weight(scheme, branch), rows))
    share_points(sections)
    return sections


def leaves_of(group: Group) -> list[Indicator]:
    found: list[Indicator] = []
    for branch in group.of:
        found += leaves_of(branch) if isinstance(branch, Group) else [branch]
    return found


def _weight(scheme: Scheme, branch: Group | Indicator) -> Decimal | None:
    number = branch.weight
    if number.parameter is not None:
        return scheme.parameters[number.parameter].number
    return number.assumed if number.value is None else number.value


def row_of(
    appraisal: Appraisal,
    scheme: Scheme,
    leaf: Indicator,
    figures: Mapping[str, Actual],
    incidents: Sequence[Incident],
) -> Row:
    row = Row(leaf.key, text(leaf.label), text(leaf.definition), _weight(scheme, leaf))
    for key in scheme.inputs_of(leaf):
        spec = scheme.inputs[key]
        if not in_period(appraisal, key):
            continue
        row.definition = row.definition or text(spec.definition)
        row.looks_at += [text(what) for what in spec.looks_at]
        if isinstance(spec, MeasureSpec | SurveySpec):
            row.figures.append(_line(leaf, spec, figures.get(key)))
        elif isinstance(spec, IncidentSpec):
            row.audited = True
            own = [one for one in incidents if one.input_key == key]
            row.incidents += [IncidentLine(one, text(spec.severities[one.severity].label)) for one in own]
        elif isinstance(spec, RatingSpec):
            row.rated_by = row.rated_by or spec.by
            row.rating_keys.append(key)
    row.ratio = _ratio(leaf, figures)
    return row


def _line(leaf: Indicator, spec: MeasureSpec | SurveySpec, figure: Actual | None) -> FigureLine:
    unit = text(spec.unit) if isinstance(spec, MeasureSpec) else ""
    if figure is None or figure.actual is None or not isinstance(spec, MeasureSpec):
        words = shown(spec.type, figure.told, spec.choices) if figure and isinstance(spec, MeasureSpec) else ""
        return FigureLine(text(spec.label), "" if words else unit, figure, words=words)
    if spec.type == "time":
        return FigureLine(text(spec.label), "", figure, words=clock_words(figure.actual))
    measured = isinstance(leaf.score, Attainment) and figure.target is not None and figure.target > 0
    split = figure.split
    shares = tuple(
        Share(text(part.label), split[part.key], _percent(split[part.key], figure.actual))
        for part in spec.split
        if part.key in split
    )
    return FigureLine(
        text(spec.label), unit, figure, _percent(figure.actual, figure.target) if measured else None, shares=shares
    )


def _ratio(leaf: Indicator, figures: Mapping[str, Actual]) -> Decimal | None:
    if not isinstance(leaf.score, Ratio):
        return None
    above, below = figures.get(leaf.score.ratio), figures.get(leaf.score.over)
    return _percent(above.actual if above else None, below.actual if below else None)


def _percent(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    if part is None or not whole or whole < 0:
        return None
    return (part * 100 / whole).quantize(TENTH, rounding=ROUND_HALF_UP)


def fill(row: Row, papers: Papers, form: Form | None) -> Row:
    """Puts in what people wrote and, on a page that is written on, the fields."""
    own = papers.own.get("entries", {}).get(row.key, {})
    manager = papers.manager.get("entries", {}).get(row.key, {})
    row.words, row.manager_words = own.get("comment", ""), manager.get("comment", "")
    row.evidence = [card for card in papers.evidence if card["indicator"] == row.key]
    if form is not None and f"comment-{row.key}" in form.fields:
        row.comment = form[f"comment-{row.key}"]
    if form is not None:
        row.points = [form[f"points-{key}"] for key in row.rating_keys if f"points-{key}" in form.fields]
    return row


def share_points(sections: Sequence[Section]) -> None:
    """A rating that several indicators read is asked for once, at the first of them."""
    asked: set[str] = set()
    for section in sections:
        for row in section.rows:
            row.points = [bound for bound in row.points if bound.name not in asked]
            asked |= {bound.name for bound in row.points}


def other_points(form: Form, sections: Sequence[Section]) -> list[BoundField]:
    """The ratings that no indicator reads: results or conditions do."""
    asked = {bound.name for section in sections for row in section.rows for bound in row.points}
    return [form[name] for name in form.fields if name.startswith("points-") and name not in asked]


def given_points(scheme: Scheme, row: Row, manager: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the manager gave for the indicator: levels by their names, points as numbers."""
    found = []
    for key in row.rating_keys:
        points = manager.get("entries", {}).get(key, {}).get("points", "")
        spec = scheme.inputs[key]
        if points and isinstance(spec, RatingSpec):
            found.append((text(spec.label) if len(row.rating_keys) > 1 else "", level_words(scheme, spec, points)))
    return found


def level_words(scheme: Scheme, spec: RatingSpec, points: str) -> str:
    for level in spec.scale.levels:
        if number_in(scheme, level.points) == Decimal(points):
            return f"{text(level.label)} ({points})"
    return points
