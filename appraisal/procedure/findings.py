"""What a look over the data finds before a cycle is launched, and where each finding is mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appraisal.cycles.models import Appraisal, AppraisalCycle, Track
from appraisal.cycles.process import route, rule_of, scheme_of
from appraisal.cycles.states import Step
from appraisal.people.models import OrgUnit, Person
from appraisal.people.queries import managers_on, works_on
from appraisal.people.roles import users_in_pools
from appraisal.people.states import Role
from appraisal.procedure.entrants import Entrant, entrants_by_track
from appraisal.procedure.population import members_by_track, snapshot_day
from appraisal.procedure.timeline import last_day
from appraisal.records.queries import missing_figures, needed_inputs
from appraisal.schemes.models import SchemeVersion
from appraisal.schemes.spec import Measure, Scheme, Survey

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Finding:
    """`level` error stops the launch. `mend` names the place where it is put right (a key of the page's links)."""

    code: str
    level: str
    text: str
    names: tuple[str, ...] = ()
    count: int = 0
    mend: str = ""
    about: int | None = None

    @property
    def listed(self) -> str:
        return _(", ").join(self.names)

    @property
    def more(self) -> int:
        return self.count - len(self.names)


@dataclass(frozen=True, slots=True)
class Roster:
    """Who stands on which track, with the managers of the day that counts.

    Of a track of units or organisations `people` are those who answer, `entrants` what they answer for.
    """

    tracks: tuple[Track, ...]
    people: dict[int, list[Person]]
    entrants: dict[int, list[Entrant]]
    managers: dict[int, int]
    accounts: dict[int, int | None]
    names: dict[int, str]

    @property
    def everybody(self) -> list[Person]:
        return [person for track in self.tracks for person in self.people[track.pk]]

    @property
    def appraised(self) -> list[Person]:
        """The people who are appraised themselves."""
        return [person for track in self.tracks if track.pk not in self.entrants for person in self.people[track.pk]]

    def count(self, track: Track) -> int:
        return len(self.entrants[track.pk] if track.pk in self.entrants else self.people[track.pk])


def check_data(cycle: AppraisalCycle, *, at: datetime, roster: Roster | None = None) -> list[Finding]:
    """Errors first. The number of queries follows neither the tracks nor the people."""
    roster = roster or read_roster(cycle, snapshot_day(cycle, at))
    if not roster.tracks:
        return [Finding("no_track", "error", _("The cycle has no track yet."), mend="tracks")]
    found = [
        *_tracks(cycle, roster),
        *_answering(roster, snapshot_day(cycle, at)),
        *_people(roster),
        *_holders(roster),
        *_calendar(cycle, roster, at),
        *_figures(cycle, roster),
        *_elsewhere(cycle, roster),
    ]
    return sorted(found, key=lambda finding: finding.level != "error")


def stops_launch(findings: Iterable[Finding]) -> bool:
    return any(finding.level == "error" for finding in findings)


def read_roster(cycle: AppraisalCycle, day: date) -> Roster:
    tracks = tuple(cycle.tracks.select_related("scheme_version").order_by("pk"))
    entrants = entrants_by_track(tracks)
    people = members_by_track([track for track in tracks if track.pk not in entrants], day)
    for pk, answering in entrants.items():
        people[pk] = [entrant.person for entrant in answering if entrant.person is not None]
    for track in tracks:
        track.cycle = cycle
    ids = {person.pk for rows in people.values() for person in rows}
    managers = managers_on(ids, day)
    rows = list(Person.objects.filter(pk__in=set(managers.values())).only("pk", "name", "name_en", "user_id"))
    return Roster(
        tracks, people, entrants, managers, {row.pk: row.user_id for row in rows}, {row.pk: str(row) for row in rows}
    )


def _about(code: str, level: str, people: Sequence[object], text: str, mend: str) -> list[Finding]:
    if not people:
        return []
    names = tuple(str(person) for person in people[:SHOWN])
    return [Finding(code, level, text, names, len(people), mend)]


def _tracks(cycle: AppraisalCycle, roster: Roster) -> list[Finding]:
    found = []
    for track in roster.tracks:
        scheme = scheme_of(track)
        if track.scheme_version.state != SchemeVersion.State.PUBLISHED:
            text = _("The scheme of track “%(track)s” is not published.") % {"track": track}
            found.append(Finding("not_published", "error", text, mend="track", about=track.pk))
        if cycle.period_kind not in scheme.period_kinds:
            text = _("The scheme of track “%(track)s” is not made for this kind of period.") % {"track": track}
            found.append(Finding("wrong_period", "error", text, mend="track", about=track.pk))
        if not roster.count(track):
            text = _("Nobody is on track “%(track)s”.") % {"track": track}
            found.append(Finding("nobody", "error", text, mend="population", about=track.pk))
        if track.pk in roster.entrants and any(given.kind == "incident" for given in scheme.inputs.values()):
            text = _("Track “%(track)s”: incidents are reported about people only, so none will count here.")
            found.append(Finding("no_incidents", "warning", text % {"track": track}, mend="track", about=track.pk))
        if assumed := _assumed(scheme):
            text = ngettext(
                "The scheme of track “%(track)s” works with %(count)d assumed number.",
                "The scheme of track “%(track)s” works with %(count)d assumed numbers.",
                assumed,
            ) % {"track": track, "count": assumed}
            found.append(Finding("assumed", "warning", text, mend="scheme", about=track.scheme_version_id))
    return found


def _assumed(scheme: Scheme) -> int:
    return sum(parameter.assumed is not None for parameter in scheme.parameters.values())


def _people(roster: Roster) -> list[Finding]:
    everybody = roster.everybody
    twice = {pk for pk, times in Counter(person.pk for person in roster.appraised).items() if times > 1}
    unique = list({person.pk: person for person in everybody}.values())
    alone = [person for person in unique if person.pk not in roster.managers]
    bosses = {manager for manager in roster.managers.values() if roster.accounts.get(manager) is None}
    no_account = [person for person in unique if person.user_id is None]
    never = [person for person in unique if person.user is not None and person.user.last_login is None]
    return [
        *_about(
            "two_tracks", "error", [person for person in unique if person.pk in twice],
            _("Two tracks catch the same person."), "population",
        ),
        *_about(
            "no_manager", "error", alone, _("Nobody could score them: they have no manager on the day that counts."),
            "people",
        ),
        *_about(
            "manager_without_account", "error", [roster.names[pk] for pk in sorted(bosses)],
            _("These managers have no account and could not score anybody."), "people",
        ),
        *_about(
            "no_account", "warning", no_account,
            _("They have no account: their steps would fall to HR, and no self-review could be given."), "people",
        ),
        *_about("never_signed_in", "warning", never, _("They have never signed in."), "people"),
    ]  # fmt: skip


def _answering(roster: Roster, day: date) -> list[Finding]:
    """Units and organisations need somebody who answers for them, and who works here on the day that counts."""
    entrants = [entrant for track in roster.tracks for entrant in roster.entrants.get(track.pk, ())]
    nobody = [entrant.about for entrant in entrants if entrant.person is None]
    headless = [about for about in nobody if isinstance(about, OrgUnit)]
    gone = [entrant.about for entrant in entrants if entrant.person is not None and not works_on(entrant.person, day)]
    return [
        *_about(
            "no_head", "error", headless, _("They have no head: name who is responsible for them."), "population",
        ),
        *_about(
            "no_contact", "error", [about for about in nobody if not isinstance(about, OrgUnit)],
            _("They have no contact employee: name who is responsible for them."), "organisations",
        ),
        *_about(
            "responsible_left", "error", gone,
            _("Who is responsible for them does not work here on the day that counts."), "population",
        ),
    ]  # fmt: skip


def _holders(roster: Roster) -> list[Finding]:
    """Steps held by a role that nobody has."""
    wanted: dict[str, list[Track]] = {}
    for track in roster.tracks:
        for step in (*route(track), Step.APPEALED):
            rule = rule_of(track, step)
            for role in rule.holder if rule is not None else ():
                if role in Role.values:
                    wanted.setdefault(role, []).append(track)
    found = users_in_pools(wanted)
    empty = [role for role in sorted(wanted) if not found[role]]
    return [
        Finding(
            "empty_role", "error",
            _("Nobody holds the role “%(role)s”, which a step of the scheme needs.") % {"role": Role(role).label},
            mend="roles",
        )
        for role in empty
    ]  # fmt: skip


def _calendar(cycle: AppraisalCycle, roster: Roster, at: datetime) -> list[Finding]:
    last = max(last_day(track, at=at) for track in roster.tracks)
    if last <= cycle.calendar.confirmed_through:
        return []
    text = _("Deadlines run until %(last)s; the calendar's holidays are confirmed only until %(known)s.")
    words = text % {"last": last.isoformat(), "known": cycle.calendar.confirmed_through.isoformat()}
    return [Finding("calendar", "warning", words, mend="calendar", about=cycle.calendar_id)]


def _figures(cycle: AppraisalCycle, roster: Roster) -> list[Finding]:
    """Targets that nobody has entered; actuals too, once the period is over."""
    asked: list[SimpleNamespace] = []
    needed: dict[int, Mapping[str, Measure | Survey]] = {}
    for track in roster.tracks:
        inputs = needed_inputs(scheme_of(track), cycle.period_kind)
        for pk, name, mark in _asked(roster, track):
            needed[len(asked)] = inputs
            asked.append(SimpleNamespace(pk=len(asked), employee_id=pk, cycle=cycle, mark=mark, name=name))
    gaps = missing_figures(asked, needed)
    lacking = [row.name for row in asked if row.pk in gaps]
    return _about("figures", "warning", lacking, _("Targets or figures of the period are still missing."), "records")


def _asked(roster: Roster, track: Track) -> Iterator[tuple[int, str, str]]:
    """With whom the figures of a track stand: the person, what is appraised, and its mark."""
    if track.pk not in roster.entrants:
        yield from ((person.pk, str(person), "") for person in roster.people[track.pk])
    for entrant in roster.entrants.get(track.pk, ()):
        if entrant.person is not None:
            yield entrant.person.pk, str(entrant.about), entrant.mark


def _elsewhere(cycle: AppraisalCycle, roster: Roster) -> list[Finding]:
    """The same person in another cycle of the same kind over the same days."""
    others = Appraisal.objects.filter(
        employee__in=[person.pk for person in roster.appraised], unit=None, organisation=None,
        cycle__period_kind=cycle.period_kind,
        cycle__starts_on__lte=cycle.ends_on, cycle__ends_on__gte=cycle.starts_on,
    ).exclude(cycle=cycle)  # fmt: skip
    names = [row.employee for row in others.exclude(state=Step.WITHDRAWN).select_related("employee")]
    text = _("They are already in another cycle over the same days.")
    return _about("elsewhere", "warning", names, text, "population")
