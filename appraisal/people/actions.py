"""What changes people, reporting lines, roles and calendars. Every change leaves a fact in the register."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm, remove_perm

from appraisal.people import rules
from appraisal.people.models import (
    LegalEntity,
    OrgUnit,
    PeopleRegister,
    Person,
    Position,
    ReportingLine,
    User,
)
from appraisal.people.queries import holding_on, manager_of, managers_on
from appraisal.people.states import Role
from workflow import calendars, deadlines, engine
from workflow.errors import GuardRefused, NotAllowed
from workflow.verdicts import Verdict

ONE_DAY = timedelta(days=1)
EDITABLE = ("name", "name_en", "email", "org_unit", "position", "legal_entity", "time_zone")


def demand(verdict: Verdict) -> None:
    if not verdict:
        raise NotAllowed(str(verdict.reason), str(verdict.remedy))


def lock_register() -> PeopleRegister:
    """Held to the end of the transaction: changes of people happen one after the other."""
    return PeopleRegister.objects.select_for_update().get_or_create(pk=1)[0]


def record(register: PeopleRegister, fact: str, *, acting_user: User, at: datetime, **data: Any) -> None:
    """The one place where the people room writes its log. People go in by number: names stay out of the chain."""
    engine.record(register, fact, acting_user=acting_user, at=at, data=data)


@transaction.atomic
def hire(
    *,
    acting_user: User,
    at: datetime,
    number: str,
    name: str,
    legal_entity: LegalEntity,
    org_unit: OrgUnit,
    hired_on: date,
    name_en: str = "",
    email: str = "",
    position: Position | None = None,
    manager: Person | None = None,
) -> Person:
    """A new person with an account whose password is set by the "forgotten password" letter."""
    demand(rules.may_keep_people(acting_user))
    register = lock_register()
    if Person.objects.filter(number=number).exists() or User.objects.filter(username=number).exists():
        raise GuardRefused(_("The employee number %(number)s is taken.") % {"number": number})
    _refuse_taken_address(email, None)
    user = User(username=number, email=email, first_name=name, name_en=name_en)
    user.set_unusable_password()
    user.save()
    person = Person.objects.create(
        number=number, name=name, name_en=name_en, email=email, user=user, legal_entity=legal_entity, org_unit=org_unit,
        position=position, hired_on=hired_on, time_zone=legal_entity.time_zone,
    )  # fmt: skip
    if manager is not None:
        _refuse_absent(manager, hired_on)
        ReportingLine.objects.create(person=person, manager=manager, starts_on=hired_on)
    record(register, "person.hired", acting_user=acting_user, at=at, person=number, on=hired_on)
    return person


@transaction.atomic
def update_person(*, acting_user: User, at: datetime, person: Person, changes: Mapping[str, Any]) -> Person:
    """Changes what is not dated: names, address, unit, position, employer, time zone."""
    demand(rules.may_keep_people(acting_user))
    register = lock_register()
    stored = Person.objects.get(pk=person.pk)
    fields = [field for field in EDITABLE if field in changes and getattr(stored, field) != changes[field]]
    if not fields:
        return stored
    for field in fields:
        setattr(stored, field, changes[field])
    _refuse_taken_address(stored.email, stored)
    stored.save(update_fields=fields)
    if stored.user_id is not None:
        names = {"first_name": stored.name, "name_en": stored.name_en}
        User.objects.filter(pk=stored.user_id).update(email=stored.email, **names)
    record(register, "person.changed", acting_user=acting_user, at=at, person=stored.number, fields=", ".join(fields))
    return stored


def _refuse_taken_address(email: str, owner: Person | None) -> None:
    taken = Person.objects.filter(email__iexact=email)
    if email and (taken.exclude(pk=owner.pk) if owner else taken).exists():
        raise GuardRefused(_("The mail address %(email)s belongs to somebody else.") % {"email": email})


def _refuse_absent(manager: Person, day: date) -> None:
    if manager.hired_on > day or (manager.left_on is not None and manager.left_on < day):
        raise GuardRefused(
            _("%(manager)s does not work here on %(day)s.") % {"manager": manager, "day": day.isoformat()}
        )


@transaction.atomic
def change_manager(*, acting_user: User, at: datetime, person: Person, manager: Person | None, on: date) -> None:
    """From the day on the person reports to the manager, or to nobody."""
    demand(rules.may_keep_people(acting_user))
    register = lock_register()
    before = manager_of(person, on)
    if before == manager:
        return
    if on < person.hired_on:
        raise GuardRefused(_("The change cannot be earlier than the hiring on %(day)s.") % {"day": person.hired_on})
    if manager is not None:
        _refuse_absent(manager, on)
        _refuse_cycle(person, manager, on)
    _redirect(person, manager, on)
    record(
        register, "person.manager_changed", acting_user=acting_user, at=at, person=person.number, on=on,
        before=before.number if before else "–", after=manager.number if manager else "–",
    )  # fmt: skip


def _refuse_cycle(person: Person, manager: Person, on: date) -> None:
    above: int | None = manager.pk
    seen: set[int] = set()
    while above is not None and above not in seen:
        seen.add(above)
        if above == person.pk:
            raise GuardRefused(
                _("%(manager)s reports to %(person)s, directly or through others: this would go round in a circle.")
                % {"manager": manager, "person": person}
            )
        above = managers_on([above], on).get(above)


def _redirect(person: Person, manager: Person | None, on: date) -> None:
    later = person.lines.filter(starts_on__gt=on).order_by("starts_on").first()
    if later is not None:
        raise GuardRefused(
            _("A later change of manager, on %(day)s, is already entered.") % {"day": later.starts_on.isoformat()}
        )
    # A line that began on this very day has not held on any other: it is replaced, not ended.
    person.lines.filter(starts_on=on).delete()
    person.lines.filter(holding_on(on)).update(ends_on=on - ONE_DAY)
    if manager is not None:
        ReportingLine.objects.create(person=person, manager=manager, starts_on=on)


@transaction.atomic
def leave(*, acting_user: User, at: datetime, person: Person, on: date, successor: Person | None = None) -> None:
    """The last day of work. Reports go to the successor the day after, otherwise to the manager of who leaves."""
    demand(rules.may_keep_people(acting_user))
    register = lock_register()
    if on < person.hired_on:
        raise GuardRefused(_("Nobody leaves before being hired."))
    _reopen_line(person)
    above = manager_of(person, on)
    _hand_over(person, successor or above, above, on + ONE_DAY)
    person.lines.filter(starts_on__gt=on).delete()
    person.lines.filter(holding_on(on)).update(ends_on=on)
    person.left_on = on
    person.save(update_fields=["left_on"])
    record(register, "person.left", acting_user=acting_user, at=at, person=person.number, on=on)
    close_accounts_of_leavers(at=at)


@transaction.atomic
def stay(*, acting_user: User, at: datetime, person: Person) -> None:
    """Takes back a leaving. Reports that were handed over stay where they are."""
    demand(rules.may_keep_people(acting_user))
    register = lock_register()
    _reopen_line(person)
    person.left_on = None
    person.save(update_fields=["left_on"])
    User.objects.filter(person=person).update(is_active=True)
    record(register, "person.stayed", acting_user=acting_user, at=at, person=person.number)


def _reopen_line(person: Person) -> None:
    if person.left_on is not None:
        person.lines.filter(ends_on=person.left_on).update(ends_on=None)


def _hand_over(person: Person, heir: Person | None, above: Person | None, on: date) -> None:
    if heir == person:
        raise GuardRefused(_("Somebody else has to take over."))
    if heir is not None:
        _refuse_absent(heir, on)
    reports = list(Person.objects.filter(holding_on(on, "lines__"), lines__manager=person))
    # The heir moves up first, so that the others do not close a circle with them.
    for report in sorted(reports, key=lambda report: report != heir):
        manager = above if report == heir else heir
        if manager is not None:
            _refuse_cycle(report, manager, on)
        _redirect(report, manager, on)


def close_accounts_of_leavers(*, at: datetime) -> int:
    """Nobody signs in after their last day. Harmless to repeat; runs daily and after each change."""
    # Two plain statements: as one with a subquery PostgreSQL joins badly right after thousands of people were added.
    gone = list(Person.objects.filter(left_on__lt=localdate(at), user__isnull=False).values_list("user_id", flat=True))
    return User.objects.filter(pk__in=gone, is_active=True).update(is_active=False)


@transaction.atomic
def grant_role(*, acting_user: User, at: datetime, user: User, role: Role) -> None:
    demand(rules.may_give_roles_to(acting_user, user))
    register = lock_register()
    if user.groups.filter(name=role).exists():
        return
    user.groups.add(Group.objects.get(name=role))
    user.roles_cache = None
    record(register, "role.granted", acting_user=acting_user, at=at, user=user.username, role=role.value)


@transaction.atomic
def revoke_role(*, acting_user: User, at: datetime, user: User, role: Role) -> None:
    demand(rules.may_give_roles_to(acting_user, user))
    register = lock_register()
    if not user.groups.filter(name=role).exists():
        return
    user.groups.remove(Group.objects.get(name=role))
    user.roles_cache = None
    record(register, "role.revoked", acting_user=acting_user, at=at, user=user.username, role=role.value)


@transaction.atomic
def grant_partner(*, acting_user: User, at: datetime, user: User, org_unit: OrgUnit) -> None:
    demand(rules.may_give_roles_to(acting_user, user))
    register = lock_register()
    assign_perm("appraisal.partner_orgunit", user, org_unit)
    user.roles_cache = None
    record(register, "partner.granted", acting_user=acting_user, at=at, user=user.username, unit=org_unit.code)


@transaction.atomic
def revoke_partner(*, acting_user: User, at: datetime, user: User, org_unit: OrgUnit) -> None:
    demand(rules.may_give_roles_to(acting_user, user))
    register = lock_register()
    remove_perm("appraisal.partner_orgunit", user, org_unit)
    user.roles_cache = None
    record(register, "partner.revoked", acting_user=acting_user, at=at, user=user.username, unit=org_unit.code)


@transaction.atomic
def set_calendar_day(
    *, acting_user: User, at: datetime, calendar_id: int, day: date, is_working: bool, name: str
) -> None:
    """Sets a day by hand and counts the open deadlines again; none becomes shorter."""
    demand(rules.may_keep_calendars(acting_user))
    register = lock_register()
    code = calendars.set_day(calendar_id, day, is_working=is_working, name=name).calendar.code
    record(register, "calendar.day_set", acting_user=acting_user, at=at, on=day, calendar=code, is_working=is_working)
    deadlines.recount(calendar_id, at=at)


@transaction.atomic
def restore_calendar_day(*, acting_user: User, at: datetime, calendar_id: int, day: date) -> None:
    demand(rules.may_keep_calendars(acting_user))
    register = lock_register()
    change = calendars.restore_day(calendar_id, day)
    if change.days:
        record(register, "calendar.day_restored", acting_user=acting_user, at=at, on=day, calendar=change.calendar.code)
        deadlines.recount(calendar_id, at=at)


def set_language(*, acting_user: User, language: str) -> None:
    """One's own choice; empty: follow the browser. Not a change of anybody's data, so it leaves no fact."""
    User.objects.filter(pk=acting_user.pk).update(language=language)
    acting_user.language = language
