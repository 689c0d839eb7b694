"""When managers change: open appraisals and the work on them go to somebody else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import OPEN
from appraisal.improvement.models import ImprovementPlan
from appraisal.interviews.models import Interview
from appraisal.people.models import Person, User
from appraisal.people.queries import managers_on
from appraisal.procedure import rules
from workflow import engine, visits
from workflow.calendars import day_book, end_of_day, one_reading
from workflow.clocks import clock_due, rule_of
from workflow.errors import GuardRefused, NotAllowed
from workflow.models import WorkItem
from workflow.refusals import reason_missing

# Nobody inherits work that is due tomorrow.
LEAST_DAYS = 3
REWOUND = ["holder", "pool", "due_at", "due_rule", "alarm_at", "alarm_slot", "alarm_failures"]


@transaction.atomic
@one_reading()
def hand_over(
    *, acting_user: User | None, at: datetime, appraisals: Sequence[Appraisal], manager: Person, reason: str
) -> list[Appraisal]:
    """The person becomes the manager of these open appraisals; open work moves along with 3 working days at least.

    `acting_user` None is the system, after somebody has left. Returns those that were handed over.
    """
    if acting_user is not None and not all(rules.keeps(row, acting_user) for row in appraisals):
        raise NotAllowed(_("Appraisals are handed over by HR, or by the HR partner of the unit."))
    if not reason.strip():
        raise GuardRefused(reason_missing())
    if manager.user_id is None:
        raise GuardRefused(_("%(person)s has no account and could not act.") % {"person": manager})
    rows = list(_open_rows(appraisals).exclude(manager=manager).exclude(employee=manager))
    if not rows:
        return []
    _refuse_self_appraisal(appraisals, manager)
    above = managers_on([manager.pk], localdate(at)).get(manager.pk)
    second = Person.objects.filter(pk=above).first() if above is not None else None
    former = {row.pk: row.manager_account_id for row in rows}
    for row in rows:
        row.manager, row.manager_account_id = manager, manager.user_id
        row.second_level, row.second_level_account_id = second, second.user_id if second else None
    Appraisal.objects.bulk_update(rows, ["manager", "manager_account", "second_level", "second_level_account"])
    _move_items(rows, former, manager.user_id, at)
    engine.record_many(
        rows, "appraisal.handed_over", acting_user=acting_user, at=at, reason=reason,
        data=lambda row: {"from_account": former[row.pk], "to_account": manager.user_id},
        personal={"to": str(manager)},
    )  # fmt: skip
    return rows


def hand_over_from_leavers(*, at: datetime) -> int:
    """Open appraisals whose manager has left go to whom the employee reports to now. Harmless to repeat."""
    today = localdate(at)
    left = Appraisal.objects.filter(state__in=OPEN, manager__left_on__lt=today).select_related(
        "cycle", "track", "employee", "manager"
    )
    rows = list(left.order_by("pk"))
    if not rows:
        return 0
    now = managers_on([row.employee_id for row in rows], today)
    heirs = Person.objects.in_bulk(set(now.values()))
    by_heir: dict[int, list[Appraisal]] = defaultdict(list)
    for row in rows:
        by_heir[now.get(row.employee_id, 0)].append(row)
    moved = 0
    for heir_id, orphans in by_heir.items():
        heir = heirs.get(heir_id)
        if heir is not None and heir.user_id is not None:
            reason = _("%(person)s has left.") % {"person": orphans[0].manager}
            moved += len(hand_over(acting_user=None, at=at, appraisals=orphans, manager=heir, reason=reason))
    return moved


def _open_rows(appraisals: Sequence[Appraisal]) -> Any:
    ids = [row.pk for row in appraisals]
    rows = Appraisal.objects.filter(pk__in=ids, state__in=OPEN).order_by("pk")
    return rows.select_for_update(of=("self",)).select_related("cycle", "track", "employee")


def _refuse_self_appraisal(appraisals: Sequence[Appraisal], manager: Person) -> None:
    if any(row.employee_id == manager.pk for row in appraisals):
        raise GuardRefused(_("Nobody is their own manager: %(person)s is among the employees.") % {"person": manager})


def _move_items(rows: Sequence[Appraisal], former: dict[int, int | None], heir: int, at: datetime) -> None:
    """What the former manager held on the appraisal and what belongs to it; what HR held for want of an account."""
    zones = {row.pk: row.zone for row in rows}
    held = [(item, item.object_id) for item in _manager_items(Appraisal, list(zones))]
    for model in (Interview, ImprovementPlan):
        owners = dict(model._base_manager.filter(appraisal__in=rows).values_list("pk", "appraisal_id"))
        held += [(item, owners[item.object_id]) for item in _manager_items(model, list(owners))]
    for item, owner in held:
        if item.holder_id not in {former[owner], None}:
            continue
        item.holder_id, item.pool = heir, ""
        _give_time(item, zones[owner], at)
    WorkItem.objects.bulk_update([item for item, _owner in held], REWOUND)


def _manager_items(model: Any, ids: Sequence[int]) -> list[WorkItem]:
    if not ids:
        return []
    content_type = ContentType.objects.get_for_model(model)
    return list(
        WorkItem.objects.filter(
            content_type=content_type, object_id__in=ids, role="manager", closed_at__isnull=True
        ).select_for_update(of=("self",))
    )


def _give_time(item: WorkItem, zone: str, at: datetime) -> None:
    if item.due_at is None or not item.due_rule:
        return
    days = day_book(item.due_rule["calendar"])
    least = end_of_day(days.add_working_days(at.astimezone(ZoneInfo(zone)).date(), LEAST_DAYS), ZoneInfo(zone))
    if item.due_at < least:
        visits.wind(item, clock_due(rule_of(item.due_rule), least, anchor=at, days=days, zone=zone), after=at)
