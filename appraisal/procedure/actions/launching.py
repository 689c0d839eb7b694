"""The launch: who and what is on the cycle's tracks gets an appraisal, in chunks, and a cut-off launch goes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.cycles.models import Appraisal, AppraisalCycle, Track
from appraisal.cycles.states import CycleState, Verb
from appraisal.people.models import Person, User
from appraisal.people.queries import managers_on
from appraisal.procedure.entrants import Entrant, is_of_people, waiting_entrants
from appraisal.procedure.models import BulkRun
from appraisal.procedure.population import snapshot_day, waiting
from appraisal.procedure.rules import demand_hr
from appraisal.procedure.states import BulkKind
from workflow import copying, engine
from workflow.engine import CHUNK
from workflow.errors import GuardRefused, NotInThisState
from workflow.writes import among


def launch_cycle(
    *, acting_user: User, at: datetime, cycle: AppraisalCycle, version: int | None = None, key: str | None = None
) -> BulkRun:
    """The whole launch at once. Launched again, it takes in those who have joined a track since."""
    run = prepare_launch(acting_user=acting_user, at=at, cycle=cycle, version=version, key=key)
    return carry_on_launch(run, at=at)


@transaction.atomic
def prepare_launch(
    *, acting_user: User, at: datetime, cycle: AppraisalCycle, version: int | None = None, key: str | None = None
) -> BulkRun:
    """Opens the cycle and notes what is to be done; `carry_on_launch` does it, at once or in the background."""
    demand_hr(acting_user)
    locked = AppraisalCycle.objects.select_for_update().get(pk=cycle.pk)
    running = BulkRun.objects.filter(cycle=locked, kind=BulkKind.LAUNCH, finished_at__isnull=True).first()
    if running is not None:
        return running
    if locked.state not in {CycleState.DRAFT, CycleState.OPEN}:
        raise NotInThisState(_("The cycle is closed."))
    tracks = list(locked.tracks.order_by("pk"))
    people = sum(_count_waiting(track, snapshot_day(locked, at)) for track in tracks)
    if not people:
        raise GuardRefused(_("There is nobody to launch it for."), _("Set whom its tracks are for."))
    if locked.state == CycleState.DRAFT:
        engine.perform(
            cycle, "open_cycle", acting_user=acting_user, at=at, version=version, key=key, data={"people": people}
        )
    else:
        engine.record(cycle, "cycle.people_added", acting_user=acting_user, at=at, data={"people": people})
    return BulkRun.objects.create(
        kind=BulkKind.LAUNCH, cycle=cycle, total=people, started_by=acting_user, started_at=at, moved_at=at
    )


def _count_waiting(track: Track, day: date) -> int:
    return waiting(track, day).count() if is_of_people(track) else len(waiting_entrants(track))


def carry_on_launch(run: BulkRun, *, at: datetime) -> BulkRun:
    """Works until nobody waits. Two workers on the same run take turns, chunk by chunk; none launches anybody twice."""
    cycle = AppraisalCycle.objects.get(pk=run.cycle_id)
    tracks = list(cycle.tracks.order_by("pk"))
    user = User.objects.get(pk=run.started_by_id)
    for track in tracks:
        track.cycle = cycle
        while _launch_chunk(run, track, user, at):
            pass
    BulkRun.objects.filter(pk=run.pk, finished_at__isnull=True).update(finished_at=at)
    run.refresh_from_db()
    return run


@transaction.atomic
def _launch_chunk(run: BulkRun, track: Track, user: User, at: datetime) -> int:
    locked = BulkRun.objects.select_for_update().get(pk=run.pk)
    if locked.finished_at is not None:
        return 0
    day = snapshot_day(track.cycle, at)
    if is_of_people(track):
        entrants = [Entrant(person) for person in waiting(track, day)[:CHUNK]]
    else:
        entrants = waiting_entrants(track)[:CHUNK]
    if not entrants:
        return 0
    appraisals = _snapshots(entrants, track, day)
    engine.begin(
        appraisals, Verb.LAUNCH, acting_user=user, at=at,
        data={"scheme": track.scheme_version_id, "digest": track.scheme_digest},
    )  # fmt: skip
    locked.done += len(entrants)
    locked.moved_at = at
    locked.save(update_fields=["done", "moved_at"])
    return len(entrants)


def _snapshots(entrants: Sequence[Entrant], track: Track, day: date) -> list[Appraisal]:
    """Who appraises whom, as the reporting lines stand on the day."""
    first = managers_on([entrant.person.pk for entrant in entrants if entrant.person is not None], day)
    second = managers_on(set(first.values()), day)
    known = Person.objects.filter(pk__in=among({*first.values(), *second.values()}))
    accounts: dict[int, int | None] = dict(known.values_list("pk", "user_id"))
    return [_snapshot(entrant, track, first, second, accounts) for entrant in entrants]


def _snapshot(
    entrant: Entrant, track: Track, first: dict[int, int], second: dict[int, int], accounts: dict[int, int | None]
) -> Appraisal:
    person = entrant.person
    assert person is not None
    manager = first.get(person.pk)
    above = second.get(manager) if manager is not None else None
    return copying.fresh(
        Appraisal, {"cycle": track.cycle, "track": track, "employee": person},
        cycle_id=track.cycle_id, track_id=track.pk, employee_id=person.pk, manager_id=manager, second_level_id=above,
        zone=person.time_zone, employee_account_id=person.user_id, manager_account_id=accounts.get(manager or 0),
        second_level_account_id=accounts.get(above or 0), **entrant.columns(),
    )  # fmt: skip
