"""Writes a plan: bulk statements only, inside the caller's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models import Q

from appraisal.people.imports.known import Known
from appraisal.people.imports.places import Place
from appraisal.people.imports.plan import Entry, Plan
from appraisal.people.models import OrgUnit, Person, Position, ReportingLine, User

BATCH = 2000
ONE_DAY = timedelta(days=1)
PERSON_FIELDS = (
    "name", "name_en", "email", "org_unit", "position", "hired_on", "left_on", "legal_entity", "time_zone",
)  # fmt: skip


def apply_plan(plan: Plan, known: Known) -> None:
    units = _write_units(list(plan.places.units.values()), known)
    positions = _write_positions(list(plan.places.positions.values()), known)
    entries = [*plan.new, *plan.changed]
    people = [_person(entry, known, units, positions) for entry in entries]
    _write_accounts(people)
    _write_people(people)
    numbers = dict(Person.objects.values_list("number", "pk"))
    _write_lines(plan, known, numbers)
    _write_heads(plan.places.units.values(), units, numbers)


def _write_units(places: Sequence[Place], known: Known) -> dict[str, OrgUnit]:
    units = {**known.units, **{place.code: OrgUnit(code=place.code) for place in places if place.is_new}}
    for place in places:
        units[place.code].name = place.name
        if place.name_en is not None:
            units[place.code].name_en = place.name_en
    OrgUnit.objects.bulk_create([units[place.code] for place in places if place.is_new], batch_size=BATCH)
    for place in places:
        if place.parent is not None:
            units[place.code].parent = units[place.parent] if place.parent else None
    for unit in units.values():
        unit.path = _path(unit, {other.pk: other for other in units.values()})
    if places:
        OrgUnit.objects.bulk_update(units.values(), ["name", "name_en", "parent", "path"], batch_size=BATCH)
    return units


def _path(unit: OrgUnit, by_id: dict[int, OrgUnit]) -> str:
    above = by_id.get(unit.parent_id or 0)
    return f"{_path(above, by_id) if above else '/'}{unit.pk}/"


def _write_positions(places: Sequence[Place], known: Known) -> dict[str, Position]:
    positions = {**known.positions, **{place.code: Position(code=place.code) for place in places if place.is_new}}
    for place in places:
        positions[place.code].name = place.name
        positions[place.code].name_en = place.name_en or positions[place.code].name_en
    Position.objects.bulk_create([positions[place.code] for place in places if place.is_new], batch_size=BATCH)
    changed = [positions[place.code] for place in places if not place.is_new]
    Position.objects.bulk_update(changed, ["name", "name_en"], batch_size=BATCH)
    return positions


def _person(entry: Entry, known: Known, units: dict[str, OrgUnit], positions: dict[str, Position]) -> Person:
    after = entry.after
    person = known.people.get(entry.number) or Person(number=entry.number)
    for field in ("name", "name_en", "email", "hired_on", "left_on", "time_zone"):
        setattr(person, field, after[field])
    person.org_unit = units[after["unit"]]
    person.position = positions[after["position"]] if after["position"] else None
    person.legal_entity = known.entities[after["legal_entity"]]
    return person


def _write_accounts(people: Sequence[Person]) -> None:
    """New people get an account without a password; the names and addresses of known accounts follow."""
    new = [person for person in people if person.pk is None]
    accounts = [User(username=person.number, password=make_password(None), **_account(person)) for person in new]
    for person, created in zip(new, User.objects.bulk_create(accounts, batch_size=BATCH), strict=True):
        person.user = created
    known = User.objects.in_bulk([person.user_id for person in people if person.pk and person.user_id])
    changed = []
    for person in people:
        account = known.get(person.user_id or 0)
        if account and any(getattr(account, field) != value for field, value in _account(person).items()):
            for field, value in _account(person).items():
                setattr(account, field, value)
            changed.append(account)
    _update(User, changed, ("first_name", "name_en", "email"))


def _account(person: Person) -> dict[str, str]:
    return {"first_name": person.name, "name_en": person.name_en, "email": person.email}


def _write_people(people: Sequence[Person]) -> None:
    Person.objects.bulk_create([person for person in people if person.pk is None], batch_size=BATCH)
    _update(Person, [person for person in people if person.pk is not None], PERSON_FIELDS)


def _update(model: type[User] | type[Person], rows: Sequence[Any], fields: Sequence[str]) -> None:
    """An upsert by key: on thousands of rows many times faster than bulk_update."""
    model._base_manager.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=fields
    )


def _write_lines(plan: Plan, known: Known, numbers: dict[str, int]) -> None:
    on = plan.effective_on
    _reopen(plan.changed, numbers, on)
    redirected = [entry for entry in plan.changed if entry.changes_key("manager") or entry.returns(on)]
    _end_lines({numbers[entry.number]: _begins(entry, known, on) for entry in redirected})
    _begin_lines(
        (numbers[entry.number], numbers[entry.after["manager"]], _begins(entry, known, on))
        for entry in (*plan.new, *redirected)
        if entry.after["manager"] and _has_time(entry, known, on)
    )
    _end_at_leaving(_by_day((numbers[entry.number], entry.after["left_on"]) for entry in (*plan.new, *plan.changed)))
    returning = [known.people[entry.number].user_id for entry in plan.changed if entry.returns(on)]
    User.objects.filter(pk__in=[pk for pk in returning if pk is not None]).update(is_active=True)


def _begins(entry: Entry, known: Known, on: date) -> date:
    """A new person's line begins with the hiring; a changed one on the day the import takes effect."""
    hired: date = entry.after["hired_on"]
    return max(on, hired) if entry.number in known.people else hired


def _has_time(entry: Entry, known: Known, on: date) -> bool:
    return entry.after["left_on"] is None or entry.after["left_on"] >= _begins(entry, known, on)


def _by_day(pairs: Iterable[tuple[int, date | None]]) -> dict[date, list[int]]:
    days: dict[date, list[int]] = defaultdict(list)
    for person, day in pairs:
        if day is not None:
            days[day].append(person)
    return days


def _reopen(entries: Iterable[Entry], numbers: dict[str, int], on: date) -> None:
    """A leaving that was still to come is moved or taken back: the line goes on as if it had not been ended."""
    moved = ((numbers[entry.number], change.before) for entry in entries for change in entry.changes
             if change.key == "left_on" and change.before is not None and change.before >= on)  # fmt: skip
    for day, people in _by_day(moved).items():
        ReportingLine.objects.filter(person__in=people, ends_on=day).update(ends_on=None)


def _end_lines(begins: dict[int, date]) -> None:
    """Ends the lines that are replaced on the day before; one that began that very day has never held."""
    for day in set(begins.values()):
        people = [person for person, begin in begins.items() if begin == day]
        ReportingLine.objects.filter(person__in=people, starts_on=day).delete()
        holding = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
        ReportingLine.objects.filter(holding, person__in=people, starts_on__lt=day).update(ends_on=day - ONE_DAY)


def _begin_lines(lines: Iterable[tuple[int, int, date]]) -> None:
    ReportingLine.objects.bulk_create(
        [ReportingLine(person_id=person, manager_id=manager, starts_on=day) for person, manager, day in lines],
        batch_size=BATCH,
    )


def _end_at_leaving(days: dict[date, list[int]]) -> None:
    for day, people in days.items():
        ReportingLine.objects.filter(person__in=people, starts_on__gt=day).delete()
        holding = Q(ends_on__isnull=True) | Q(ends_on__gt=day)
        ReportingLine.objects.filter(holding, person__in=people).update(ends_on=day)


def _write_heads(places: Iterable[Place], units: dict[str, OrgUnit], numbers: dict[str, int]) -> None:
    changed = [place for place in places if place.head is not None]
    for place in changed:
        units[place.code].head_id = numbers[place.head] if place.head else None
    OrgUnit.objects.bulk_update([units[place.code] for place in changed], ["head"], batch_size=BATCH)
