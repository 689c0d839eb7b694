"""What changes outside organisations. Every change leaves a fact in the register of people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.people import rules
from appraisal.people.actions import demand, lock_register, record
from appraisal.people.models import Organisation, Person, User
from workflow.errors import GuardRefused

EDITABLE = ("code", "name", "name_en", "kind", "contact")


@transaction.atomic
def add_organisation(
    *, acting_user: User, at: datetime, code: str, name: str, kind: str, name_en: str = "",
    contact: Person | None = None,
) -> Organisation:  # fmt: skip
    demand(rules.may_keep_people(acting_user))
    register = lock_register()
    _refuse_taken_code(code)
    _refuse_gone(contact)
    made = Organisation.objects.create(code=code, name=name, name_en=name_en, kind=kind, contact=contact)
    record(register, "organisation.added", acting_user=acting_user, at=at, organisation=code)
    return made


@transaction.atomic
def change_organisation(
    *, acting_user: User, at: datetime, organisation: Organisation, changes: Mapping[str, Any]
) -> Organisation:
    """Appraisals that run keep the name and the person that they were launched with."""
    demand(rules.may_keep_people(acting_user))
    register = lock_register()
    stored = Organisation.objects.get(pk=organisation.pk)
    fields = [field for field in EDITABLE if field in changes and getattr(stored, field) != changes[field]]
    if not fields:
        return stored
    for field in fields:
        setattr(stored, field, changes[field])
    if "code" in fields:
        _refuse_taken_code(stored.code)
    if "contact" in fields:
        _refuse_gone(stored.contact)
    stored.save(update_fields=fields)
    record(
        register, "organisation.changed", acting_user=acting_user, at=at, organisation=stored.code,
        fields=", ".join(fields),
    )  # fmt: skip
    return stored


@transaction.atomic
def retire_organisation(*, acting_user: User, at: datetime, organisation: Organisation) -> None:
    """From now on no track can be for it. Appraisals that run go on."""
    _switch(acting_user, at, organisation, on=False)


@transaction.atomic
def restore_organisation(*, acting_user: User, at: datetime, organisation: Organisation) -> None:
    _switch(acting_user, at, organisation, on=True)


def _switch(user: User, at: datetime, organisation: Organisation, *, on: bool) -> None:
    demand(rules.may_keep_people(user))
    register = lock_register()
    if Organisation.objects.filter(pk=organisation.pk).exclude(is_active=on).update(is_active=on):
        fact = "organisation.restored" if on else "organisation.retired"
        record(register, fact, acting_user=user, at=at, organisation=organisation.code)


def _refuse_taken_code(code: str) -> None:
    if Organisation.objects.filter(code=code).exists():
        raise GuardRefused(_("The code %(code)s is taken.") % {"code": code})


def _refuse_gone(contact: Person | None) -> None:
    if contact is not None and contact.left_on is not None:
        raise GuardRefused(
            _("%(person)s leaves on %(day)s and cannot be the contact.")
            % {"person": contact, "day": contact.left_on.isoformat()}
        )
