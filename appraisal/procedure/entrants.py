"""The units or organisations of a track whose scheme is about such, each with the person who answers for it.

Such a track's rule is `{"subjects": [{"id": 4, "person": 17}], "exclude": [{"subject": 5, "reason": text}]}`. Without
`person` the head of the unit answers, or the contact of the organisation.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from appraisal.cycles.models import Appraisal, Track
from appraisal.cycles.process import scheme_of
from appraisal.people.models import Organisation, OrgUnit, Person
from appraisal.records.marks import mark_of
from workflow.writes import among

PERSON, UNIT, ORGANISATION = "person", "unit", "organisation"


@dataclass(frozen=True, slots=True)
class Entrant:
    """Who gets an appraisal: a person; or with `about` that unit or organisation, for which the person answers."""

    person: Person | None
    about: OrgUnit | Organisation | None = None

    @property
    def mark(self) -> str:
        """Whose figures on record count."""
        if self.about is None:
            return ""
        return mark_of(self.about.pk, None) if isinstance(self.about, OrgUnit) else mark_of(None, self.about.pk)

    def columns(self) -> dict[str, Any]:
        """What an appraisal keeps of what it is about. A unit's appraisal belongs to the unit itself."""
        about, person = self.about, self.person
        assert person is not None
        if about is None:
            return {"org_unit_id": person.org_unit_id, "position_id": person.position_id}
        names = {"about_name": about.name, "about_name_en": about.name_en}
        if isinstance(about, OrgUnit):
            return {"org_unit_id": about.pk, "unit_id": about.pk, **names}
        return {"org_unit_id": person.org_unit_id, "organisation_id": about.pk, **names}


def kind_of(track: Track) -> str:
    """What its scheme is about; a team is a unit, as a department is."""
    subject = scheme_of(track).subject
    return subject if subject in {PERSON, ORGANISATION} else UNIT


def is_of_people(track: Track) -> bool:
    return kind_of(track) == PERSON


def offered(track: Track) -> list[Entrant]:
    """Everything that the track could be for, with who answers where HR names nobody; one query."""
    return [Entrant(_answering(about), about) for about in _rows(kind_of(track))]


def _rows(subject: str, ids: Collection[int] | None = None) -> Sequence[OrgUnit | Organisation]:
    if subject == ORGANISATION:
        found = Organisation.objects.filter(is_active=True).select_related("contact__user").order_by("code")
        return list(found if ids is None else found.filter(pk__in=among(ids)))
    units = OrgUnit.objects.select_related("head__user").order_by("code")
    return list(units if ids is None else units.filter(pk__in=among(ids)))


def _answering(about: OrgUnit | Organisation) -> Person | None:
    return about.head if isinstance(about, OrgUnit) else about.contact


def entrants_by_track(tracks: Sequence[Track]) -> dict[int, list[Entrant]]:
    """Of those tracks that are not of people; at most three queries for all of them."""
    chosen = {track.pk: _chosen(track.population) for track in tracks if not is_of_people(track)}
    if not chosen:
        return {}
    wanted: dict[str, set[int]] = {}
    for track in tracks:
        if track.pk in chosen:
            wanted.setdefault(kind_of(track), set()).update(chosen[track.pk])
    rows = {kind: _rows(kind, ids) for kind, ids in wanted.items()}
    named = {pk for each in chosen.values() for pk in each.values() if pk is not None}
    people = {row.pk: row for row in Person.objects.filter(pk__in=among(named)).select_related("user")} if named else {}
    return {
        track.pk: [
            Entrant(people.get(chosen[track.pk][about.pk] or 0) or _answering(about), about)
            for about in rows[kind_of(track)]
            if about.pk in chosen[track.pk]
        ]
        for track in tracks
        if track.pk in chosen
    }


def waiting_entrants(track: Track) -> list[Entrant]:
    """Those chosen who have no appraisal on the track yet, and for whom somebody answers."""
    column = "organisation_id" if kind_of(track) == ORGANISATION else "unit_id"
    there = set(Appraisal.objects.filter(track=track).values_list(column, flat=True))
    return [
        entrant
        for entrant in entrants_by_track([track])[track.pk]
        if entrant.person is not None and entrant.about is not None and entrant.about.pk not in there
    ]


def _chosen(rule: Mapping[str, Any]) -> dict[int, int | None]:
    return {row["id"]: row.get("person") for row in rule.get("subjects") or []}
