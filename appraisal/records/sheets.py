"""The ledgers and documents of a period, as far as a user may know of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from appraisal.people.models import Person
from appraisal.people.roles import roles_of
from appraisal.records import rules
from appraisal.records.expected import inputs_in
from appraisal.records.known import words
from appraisal.records.models import Deliverable, Ledger
from appraisal.records.periods import Period
from appraisal.records.states import DocumentState
from appraisal.schemes.spec import Deliverable as DeliverableSpec
from appraisal.schemes.spec import Ledger as LedgerSpec

if TYPE_CHECKING:
    from appraisal.people.models import User


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One ledger or set of documents of one person; `done` of `wanted`: rows, or documents accepted."""

    person: Person
    key: str
    label: dict[str, str]
    is_ledger: bool
    state: str
    state_label: str
    rows: int
    wanted: int


@dataclass
class Sheets:
    """Read for one user and period in a constant number of queries."""

    user: User
    period: Period
    on: date
    text: str = ""

    def lines(self) -> list[SheetLine]:
        asked = {
            person_id: {key: spec for key, spec in inputs.items() if isinstance(spec, LedgerSpec | DeliverableSpec)}
            for person_id, inputs in inputs_in(self.period).items()
        }
        asked = {person_id: inputs for person_id, inputs in asked.items() if inputs}
        people = self._people(asked)
        ledgers, documents = self._ledgers(people), self._documents(people)
        return [
            self._line(person, key, spec, ledgers, documents)
            for person in people
            for key, spec in asked[person.pk].items()
            if self.sees(person, spec)
        ]

    def _people(self, asked: dict[int, dict[str, LedgerSpec | DeliverableSpec]]) -> list[Person]:
        people = Person.objects.filter(pk__in=asked).select_related("org_unit").order_by("number")
        if self.text:
            people = people.filter(
                Q(number__icontains=self.text) | Q(name__icontains=self.text) | Q(name_en__icontains=self.text)
            )
        found = list(people)
        self.team = set(
            Person.objects.filter(rules.team_of(self.user, self.on), pk__in=asked).values_list("pk", flat=True)
        )
        return found

    def sees(self, person: Person, spec: LedgerSpec | DeliverableSpec) -> bool:
        """HR and auditors, the person, those above, and the role that gives it."""
        names = roles_of(self.user).names
        if names & rules.READS_ALL or person.user_id == self.user.pk or person.pk in self.team:
            return True
        return (spec.owner if isinstance(spec, LedgerSpec) else spec.by) in names

    def _ledgers(self, people: list[Person]) -> dict[tuple[int, str], Ledger]:
        rows = Ledger.objects.filter(
            person__in=people, period_start=self.period.starts_on, period_end=self.period.ends_on
        ).annotate(count=Count("rows", filter=Q(rows__removed_at=None)))
        return {(row.person_id, row.input_key): row for row in rows}

    def _documents(self, people: list[Person]) -> dict[tuple[int, str], list[Deliverable]]:
        found: dict[tuple[int, str], list[Deliverable]] = {}
        for row in Deliverable.objects.filter(
            person__in=people, period_start=self.period.starts_on, period_end=self.period.ends_on
        ):
            found.setdefault((row.person_id, row.input_key), []).append(row)
        return found

    def _line(
        self, person: Person, key: str, spec: LedgerSpec | DeliverableSpec,
        ledgers: dict[tuple[int, str], Ledger], documents: dict[tuple[int, str], list[Deliverable]],
    ) -> SheetLine:  # fmt: skip
        if isinstance(spec, LedgerSpec):
            ledger = ledgers.get((person.pk, key))
            state, label = (ledger.state, ledger.state_label) if ledger else ("", "")
            count = ledger.count if ledger else 0  # type: ignore[attr-defined]
            return SheetLine(person, key, words(spec.label), is_ledger=True, state=state, state_label=label,
                             rows=count, wanted=spec.at_least_rows)  # fmt: skip
        handed = [one for one in documents.get((person.pk, key), ()) if one.state != DocumentState.EXPECTED]
        return SheetLine(person, key, words(spec.label), is_ledger=False, state="", state_label="",
                         rows=len(handed), wanted=len(spec.expected))  # fmt: skip


def spec_in(period: Period, person: Person, key: str) -> LedgerSpec | DeliverableSpec | None:
    """The input as the person's own scheme has it; None where nobody asks for it in the period."""
    spec = inputs_in(period, [person.pk]).get(person.pk, {}).get(key)
    return spec if isinstance(spec, LedgerSpec | DeliverableSpec) else None


def may_see_sheet(user: User, person: Person, spec: LedgerSpec | DeliverableSpec, on: date) -> bool:
    names = roles_of(user).names
    role = spec.owner if isinstance(spec, LedgerSpec) else spec.by
    if names & rules.READS_ALL or person.user_id == user.pk or role in names:
        return True
    return Person.objects.filter(rules.team_of(user, on), pk=person.pk).exists()


def labels_of(spec: DeliverableSpec) -> Iterator[tuple[str, dict[str, str]]]:
    for name, label in spec.expected.items():
        yield name, words(label)
