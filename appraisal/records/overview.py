"""The figures of a period as a table of people and inputs, with its gaps, as far as a user may see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from appraisal.people.models import Person
from appraisal.people.roles import roles_of
from appraisal.records import rules
from appraisal.records.expected import Expectation, asked_by, expected_of, told_in
from appraisal.records.known import Known, KnownFigure, figure_of
from appraisal.records.marks import marked, parted
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
    """`about` names the unit or organisation whose figures these are, where they are not the person's own."""

    person: Person
    cells: list[Cell]
    about: dict[str, str]


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
    def told(self) -> list[Expectation]:
        return told_in(self.period)

    @cached_property
    def expected(self) -> Mapping[int, Mapping[str, Measure | Survey]]:
        return expected_of(self.told)

    @cached_property
    def about(self) -> dict[tuple[int, str], dict[str, str]]:
        """The names of the units and organisations that people answer for."""
        named = {(each.person_id, each.mark): each.names for each in self.told if each.mark}
        return {key: {"zh": chinese, "en": english or chinese} for key, (chinese, english) in named.items()}

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
        asked = {parted(key)[0] for needs in self.expected.values() for key in needs}
        asked |= {parted(key)[0] for stored in self.figures.values() for key in stored}
        if self.owned and not self.reads_all and not self.has_team:
            asked &= self.owned
        return [figure for key, figure in self.figures_by_key.items() if key in asked]

    @cached_property
    def figures_by_key(self) -> dict[str, KnownFigure]:
        """Each figure as the schemes of the period have it, then as any scheme in force knows it."""
        found = dict(self.known.figures)
        for each in {(told.scheme_digest, told.period_kind): told for told in self.told}.values():
            for key, given in asked_by(each).items():
                if isinstance(given, Measure | Survey):
                    found[key] = figure_of(key, given)
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
        if given is not None:
            return self.as_schemes_have_it[key, id(given)]
        own, mark = parted(key)
        return replace(self.figures_by_key[own], key=key) if mark else self.figures_by_key[own]

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
        return self.reads_all or own or parted(key)[0] in self.owned or person_id in self.team_ids

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
        return page, [self._row(person, mark) for person in page for mark in self._marks(person.pk)]

    def _marks(self, person_id: int) -> list[str]:
        """One row for a person's own figures, and one for each unit or organisation they answer for."""
        keys = [*self.expected.get(person_id, {}), *self.figures.get(person_id, {})]
        return sorted({parted(key)[1] for key in keys})

    def _row(self, person: Person, mark: str) -> PersonRow:
        stored = self.figures.get(person.pk, {})
        return PersonRow(
            person,
            [self._cell(person, marked(figure.key, mark), stored) for figure in self.columns],
            self.about.get((person.pk, mark), {}),
        )

    def _cell(self, person: Person, key: str, stored: Mapping[str, Stored]) -> Cell:
        figure = self.figure(person.pk, key)
        return Cell(
            figure, stored.get(key), self.gap(person.pk, key), self.sees(person.pk, key), self.enters(person, figure)
        )

    def enters(self, person: Person, figure: KnownFigure) -> bool:
        """As `rules.may_enter` says, from what is loaded."""
        own = person.user_id == self.user.pk
        led = bool(figure.owners & {rules.MANAGER, rules.SECOND_LEVEL}) and person.pk in self.team_ids
        if own:
            return "employee" in figure.owners
        return led or bool(roles_of(self.user).names & (figure.owners | {rules.HR}))


def may_see_figure(user: User, known: Known, person: Person, key: str, on: date) -> bool:
    """HR and auditors, the owner of the input, the person, and those above."""
    owned = parted(key)[0] in rules.owned_inputs(user, known)
    if roles_of(user).names & rules.READS_ALL or person.user_id == user.pk or owned:
        return True
    return Person.objects.filter(rules.team_of(user, on), pk=person.pk).exists()
