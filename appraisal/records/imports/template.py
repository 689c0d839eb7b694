"""The table that an owner downloads, fills in and uploads again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.people.exports import as_xlsx, harmless
from appraisal.people.imports.cells import read_text
from appraisal.people.imports.columns import Column
from appraisal.people.models import Person
from appraisal.records import rules
from appraisal.records.expected import expected_in
from appraisal.records.figures import spelled
from appraisal.records.imports.columns import SPLIT, columns_of, in_reader_language
from appraisal.records.known import KnownFigure, figure_of, known_inputs
from appraisal.records.marks import parted
from appraisal.records.models import Actual
from appraisal.records.periods import Period
from appraisal.records.typed import clock_words, shown
from appraisal.schemes.spec import Measure

if TYPE_CHECKING:
    from appraisal.people.models import User

# For the reader's eye; the import leaves it out.
NAME = Column("name", gettext_lazy("Name"), "姓名", read_text(80))


def template_xlsx(user: User, period: Period, *, on: date) -> bytes:
    known = known_inputs(on)
    owned = rules.owned_inputs(user, known)
    figures = {key: figure for key, figure in known.figures.items() if key in owned}
    parts = {SPLIT + part for figure in figures.values() for part in figure.parts}
    columns = [column for column in columns_of(known) if not column.key.startswith(SPLIT) or column.key in parts]
    columns.insert(2, NAME)
    rows = [
        [harmless(_cells(person, figure, period, current).get(column.key, "")) for column in columns]
        for person, figure, current in _wanted(figures, period)
        if person.user_id != user.pk
    ]
    return as_xlsx([(_("Figures"), columns, rows)])


def _wanted(figures: dict[str, KnownFigure], period: Period) -> list[tuple[Person, KnownFigure, Actual | None]]:
    expected = expected_in(period)
    people = Person.objects.filter(pk__in=expected).order_by("number")
    rows = Actual.objects.filter(period_start=period.starts_on, period_end=period.ends_on, is_current=True)
    current = {(row.person_id, row.input_key): row for row in rows}
    return [
        (person, figure_of(key, given) if parted(key)[1] else figures[key], current.get((person.pk, key)))
        for person in people
        for key, given in expected[person.pk].items()
        if parted(key)[0] in figures
    ]


def _cells(person: Person, figure: KnownFigure, period: Period, current: Actual | None) -> dict[str, str]:
    cells = {
        "period": period.code,
        "number": person.number,
        "name": str(person),
        "measure": in_reader_language(figure.label),
    }
    if current is not None:
        numbers = {"target": current.target, "actual": current.actual}
        given = figure.given
        if current.told:
            cells["actual"] = shown(figure.type, current.told, given.choices if isinstance(given, Measure) else {})
        if figure.type == "time" and current.actual is not None:
            cells["actual"], numbers["actual"] = clock_words(current.actual), None
        numbers |= {SPLIT + key: value for key, value in current.split.items()}
        cells |= {key: spelled(value) for key, value in numbers.items() if value is not None}
        for name in ("answers", "promoters", "detractors"):
            count = getattr(current, name)
            cells[name] = "" if count is None else str(count)
    return cells
