"""Who keeps a ledger, who hands a document in, and who judges it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appraisal.people.models import Person
from appraisal.people.roles import roles_of
from appraisal.records import rules
from appraisal.records.marks import parted
from appraisal.records.models import Deliverable, Ledger
from workflow.machine import Attempt
from workflow.verdicts import ALLOWED, Verdict, refused

if TYPE_CHECKING:
    from appraisal.people.models import User


def keeps(ledger: Ledger, user: User) -> bool:
    """The owners that the scheme names. Nobody keeps a ledger about themselves, unless the scheme says so."""
    owners = _meant(ledger.owners, ledger.input_key)
    if ledger.person.user_id == user.pk and "employee" not in owners:
        return False
    return rules.stands_for(user, owners, ledger.person, timezone.localdate())


def hands_in(document: Deliverable, user: User) -> bool:
    by = _meant([document.by], document.input_key)
    return rules.stands_for(user, by, document.person, timezone.localdate())


def _meant(roles: Sequence[str], key: str) -> list[str]:
    """Where it is about a department or an organisation, “the department” is who answers for it."""
    return ["employee" if role == "department" and parted(key)[1] else role for role in roles]


def judges(document: Deliverable, user: User) -> bool:
    if document.person.user_id == user.pk:
        return False
    led = rules.led_by(user, [rules.MANAGER, rules.SECOND_LEVEL], timezone.localdate())
    return rules.HR in roles_of(user).names or Person.objects.filter(led, pk=document.person_id).exists()


def author_judges_not(attempt: Attempt) -> Verdict:
    latest = attempt.subject.versions.order_by("-number").first()
    if attempt.user is not None and latest is not None and latest.handed_in_by_id == attempt.user.pk:
        return refused(_("Whoever handed a document in does not judge it."), _("A manager of the person or HR can."))
    return ALLOWED


def span_is_open(attempt: Attempt) -> Verdict:
    """What a handed-in score rests on is closed."""
    paper = attempt.subject
    slot = rules.Slot(paper.person_id, paper.period_start, paper.period_end, parted(paper.input_key)[1])
    return rules.locked_verdict() if rules.locked([slot]) else ALLOWED
