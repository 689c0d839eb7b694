"""The figures of a period as a table of people and inputs, with its gaps, as far as a user may see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from appraisal.people.models import Person
from appraisal.people.roles import roles_of
from appraisal.records import rules
from appraisal.records.expected import expected_in
from appraisal.records.known import Known, KnownFigure, figure_of
from appraisal.records.models import Actual
from appraisal.records.periods import Period
from appraisal.records.queries import gap_of
from appraisal.records.typed import clock_words, shown
from appraisal.schemes.spec import Measure, Survey

if TYPE_CHECKING:
    from appraisal.people.models import User

PER_PAGE = 50


class Stored(NamedTuple):
    """What the table shows of a figure."""

    actual: Decimal | None
    target: Decimal | None
    told: str = ""

    @property
    def is_absent(self) -> bool:
        return self.actual is None and not self.told


@dataclass(frozen=True, slots=True)
class Cell:
    """`gap` is "figure" or "target" where something is missing, "" otherwise; unasked cells may stay empty."""

    figure: KnownFigure
    stored: Stored | None
    gap: str
    visible: bool
    editable: bool

    @property
    def words(self) -> str:
        """A fact, or a time, as it is read; "" for a number."""
        if self.stored is None:
            return ""
        given = self.figure.given
        choices = given.choices if isinstance(given, Measure) else {}
        if self.figure.type == "time" and self.stored.actual is not None:
            return clock_words(self.stored.actual)
        return shown(self.figure.type, self.stored.told, choices) if self.stored.told else ""


@dataclass(frozen=True, slots=True)
class PersonRow:
    person: Person
    cells: list[Cell]


@dataclass
class Overview:
    user: User
    period: Period
    known: Known
    on: date
    text: str = ""
    gaps_only: bool = False
    _figures: dict[int, dict[str, Stored]] = field(default_factory=dict, init=False)

    @cached_property
    def owned(self) -> frozenset[str]:
        return rules.owned_inputs(self.user, self.known)

    @cached_property
    def reads_all(self) -> bool:
        return bool(roles_of(self.user).names & rules.READS_ALL)

    @cached_property
    def expected(self) -> Mapping[int, Mapping[str, Measure | Survey]]:
        return expected_in(self.period)

    @cached_property
    def figures(self) -> dict[int, dict[str, Stored]]:
        rows = Actual.objects.filter(
            period_start=self.period.starts_on, period_end=self.period.ends_on, is_current=True
        ).values_list("person_id", "input_key", "actual", "target", "told")
        found: dict[int, dict[str, Stored]] = {}
        for person_id, key, actual, target, told in rows:
            found.setdefault(person_id, {})[key] = Stored(actual, target, told)
        return found

    @cached_property
    def columns(self) -> list[KnownFigure]:
        """The inputs that somebody needs or has in this period, as far as the user may see them for anybody."""
        asked = {key for needs in self.expected.values() for key in needs}
        asked |= {key for stored in self.figures.values() for key in stored}
        if self.owned and not self.reads_all and not self.has_team:
            asked &= self.owned
        return [figure for key, figure in self.figures_by_key.items() if key in asked]

    @cached_property
    def figures_by_key(self) -> dict[str, KnownFigure]:
        """Each figure as the schemes of the period have it, then as any scheme in force knows it."""
        found = dict(self.known.figures)
        for (key, _given), figure in self.as_schemes_have_it.items():
            found[key] = figure
        return found

    @cached_property
    def as_schemes_have_it(self) -> dict[tuple[str, int], KnownFigure]:
        """By key and scheme: thousands of people share the inputs of one scheme."""
        found: dict[tuple[str, int], KnownFigure] = {}
        for needs in self.expected.values():
            for key, given in needs.items():
                if (key, id(given)) not in found:
                    found[key, id(given)] = figure_of(key, given)
        return found

    def figure(self, person_id: int, key: str) -> KnownFigure:
        given = self.expected.get(person_id, {}).get(key)
        return self.figures_by_key[key] if given is None else self.as_schemes_have_it[key, id(given)]

    @cached_property
    def has_team(self) -> bool:
        return bool(self.team_ids)

    @cached_property
    def team_ids(self) -> frozenset[int]:
        """The user and those below: people of whom every figure is open to the user."""
        if self.reads_all:
            return frozenset()
        team = Person.objects.filter(rules.team_of(self.user, self.on)).values_list("pk", flat=True)
        return frozenset(team) - {roles_of(self.user).person_id or 0}

    def gap(self, person_id: int, key: str) -> str:
        given = self.expected.get(person_id, {}).get(key)
        if given is None:
            return ""
        found = gap_of(key, given, self.figures.get(person_id, {}).get(key))
        return found.what if found else ""

    def sees(self, person_id: int, key: str) -> bool:
        own = person_id == roles_of(self.user).person_id
        return self.reads_all or own or key in self.owned or person_id in self.team_ids

    @cached_property
    def gaps(self) -> dict[int, list[str]]:
        """The inputs that are missing of each person, as far as the user may see them."""
        found = {
            person_id: [key for key in needs if self.sees(person_id, key) and self.gap(person_id, key)]
            for person_id, needs in self.expected.items()
        }
        return {person_id: keys for person_id, keys in found.items() if keys}

    def people(self) -> QuerySet[Person]:
        ids = set(self.gaps) if self.gaps_only else set(self.expected) | set(self.figures)
        people = Person.objects.filter(pk__in=ids).order_by("number").select_related("org_unit")
        if not self.reads_all and not self.owned:
            people = people.filter(pk__in=self.team_ids | {roles_of(self.user).person_id or 0})
        if self.text:
            people = people.filter(
                Q(number__icontains=self.text) | Q(name__icontains=self.text) | Q(name_en__icontains=self.text)
            )
        return people

    def page(self, number: str | None) -> tuple[Page[Person], list[PersonRow]]:
        people = self.people()
        # A team is small: reading it at once saves the query that counts it.
        page = Paginator(people if self.reads_all or self.owned else list(people), PER_PAGE).get_page(number)
        return page, [self._row(person) for person in page]

    def _row(self, person: Person) -> PersonRow:
        stored = self.figures.get(person.pk, {})
        cells = [
            Cell(
                self.figure(person.pk, figure.key),
                stored.get(figure.key),
                self.gap(person.pk, figure.key),
                self.sees(person.pk, figure.key),
                self.enters(person, self.figure(person.pk, figure.key)),
            )
            for figure in self.columns
        ]
        return PersonRow(person, cells)

    def enters(self, person: Person, figure: KnownFigure) -> bool:
        """As `rules.may_enter` says, from what is loaded."""
        own = person.user_id == self.user.pk
        led = bool(figure.owners & {rules.MANAGER, rules.SECOND_LEVEL}) and person.pk in self.team_ids
        if own:
            return "employee" in figure.owners
        return led or bool(roles_of(self.user).names & (figure.owners | {rules.HR}))


def may_see_figure(user: User, known: Known, person: Person, key: str, on: date) -> bool:
    """HR and auditors, the owner of the input, the person, and those above."""
    if roles_of(user).names & rules.READS_ALL or person.user_id == user.pk or key in rules.owned_inputs(user, known):
        return True
    return Person.objects.filter(rules.team_of(user, on), pk=person.pk).exists()
