"""On whom a version is tried out: the people of a finished cycle as they were scored, or people who are made up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Mod

from appraisal.assessments.inputs import gather_inputs
from appraisal.cycles.models import Appraisal, Track
from appraisal.cycles.process import settings_of
from appraisal.cycles.queries import cycles_visible_to, visible_to
from appraisal.cycles.states import CycleState, Step
from appraisal.people.models import User
from appraisal.schemes.library import loaded, names_of, shelf
from appraisal.schemes.models import SchemeVersion
from appraisal.schemes.spec import PeriodKind, Scheme
from appraisal.schemes.variants import allowed, runnable
from appraisal.scoring.inputs import Inputs
from appraisal.scoring.plan import Settings
from appraisal.scoring.populations import DAY, made_up
from appraisal.scoring.sheet import WorkingDay
from appraisal.scoring.simulation import Version
from appraisal.workshop.queries import catalogue_version, is_stored, visible_versions
from workflow.calendars import day_book, is_mainland_working_day

# More people are not scored while somebody waits for a page.
MOST = 1000


@dataclass(frozen=True, slots=True)
class Crowd:
    """`everybody`: of how many `inputs` are a part, taken evenly. `appraisals`: whose they are, for real people."""

    inputs: Mapping[str, Inputs]
    everybody: int
    period_kind: PeriodKind
    as_of: date
    is_working_day: WorkingDay
    settings: Settings = field(default_factory=dict)
    appraisals: Mapping[str, Appraisal] = field(default_factory=dict)
    track: Track | None = None
    seed: int | None = None

    def version(self, scheme: Scheme, tried: Settings | None = None) -> Version:
        """The scheme as this crowd is scored: with what the cycle had set, and on top of it what is tried."""
        scheme = runnable(scheme)
        kept = {
            key: value
            for key, value in self.settings.items()
            if key in scheme.parameters and allowed(scheme.parameters[key], value)
        }
        return Version(scheme, self.period_kind, {**kept, **(tried or {})}, self.as_of, self.is_working_day)


def invented(scheme: Scheme, period_kind: PeriodKind, *, size: int, seed: int) -> Crowd:
    people = made_up(runnable(scheme), size, seed=seed)
    return Crowd(people, size, period_kind, DAY, is_mainland_working_day, seed=seed)


def finished_tracks(user: User, key: str) -> QuerySet[Track]:
    """The tracks of closed cycles with so many `people`, those of the same scheme first."""
    rows = Track.objects.filter(cycle__in=cycles_visible_to(user).order_by(), cycle__state=CycleState.CLOSED)
    people = Count("appraisals", filter=~Q(appraisals__state=Step.WITHDRAWN))
    same = Case(When(scheme_version__key=key, then=0), default=1)
    rows = rows.annotate(people=people, other=same, title_zh=F("scheme_version__title_zh")).filter(people__gt=0)
    rows = rows.annotate(title_en=F("scheme_version__title_en")).select_related("cycle__calendar")
    return rows.order_by("other", "-cycle__ends_on", "pk")[:100]


def of_track(user: User, track: Track, everybody: int) -> Crowd:
    """With the inputs that the scores of the cycle are computed from. In a constant number of queries."""
    rows = visible_to(user).filter(track=track).exclude(state=Step.WITHDRAWN).order_by("pk")
    if everybody > MOST:
        rows = rows.annotate(turn=Mod(F("pk") * MOST, Value(everybody))).filter(turn__lt=MOST)
    appraisals = list(rows[:MOST])
    given = gather_inputs(appraisals)
    cycle = track.cycle
    return Crowd(
        {str(one.pk): given[one.pk] for one in appraisals}, everybody, cast("PeriodKind", cycle.period_kind),
        cycle.ends_on, lambda day: day_book(cycle.calendar_id).is_working(day),
        settings_of(track), {str(one.pk): one for one in appraisals}, track,
    )  # fmt: skip


def with_company(user: User, pk: int) -> tuple[SchemeVersion | None, list[SchemeVersion]]:
    """A stored version, and those it can be compared with: of the same scheme, and what it was copied from."""
    asked = SchemeVersion.objects.filter(pk=pk)
    near = Q(pk=pk) | Q(key__in=asked.values("key")) | Q(pk__in=asked.values("based_on"))
    rows = list(visible_versions(user).filter(near).defer("cases").order_by("-valid_from", "-pk"))
    version = next((one for one in rows if one.pk == pk), None)
    return version, [one for one in rows if one.pk != pk]


def comparable(version: SchemeVersion, stored: list[SchemeVersion]) -> dict[str, SchemeVersion]:
    """By the word in the address: what the version was copied from, other versions of the scheme, the catalogue's."""
    first = sorted(stored, key=lambda one: one.pk != version.based_on_id)
    found = {str(one.pk): one for one in first}
    known = {one.digest for one in (version, *stored)}
    keys = dict.fromkeys([version.key, *(key for one in version.scheme.ids for key in names_of(one))])
    for key in keys:
        for path in reversed(shelf().get(key, ())):
            one = catalogue_version(key, path.stem)
            if one is not None and one.digest not in known and loaded(path):
                found[f"{key}/{path.stem}"] = one
    return found


def usual(version: SchemeVersion, others: Mapping[str, SchemeVersion]) -> str:
    """What a draft is compared with unless somebody chooses: the version it was made from."""
    if not is_stored(version) or not others:
        return ""
    return str(version.based_on_id) if str(version.based_on_id) in others else next(iter(others))
