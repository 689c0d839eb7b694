"""Reads the cases of many results at once, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max, Q

from appraisal.cycles.models import Appraisal, Result
from appraisal.cycles.process import scheme_of, settings_of
from appraisal.cycles.states import BEFORE_RELEASE, Step
from appraisal.outcomes.evaluation import Case, Past, reads_explanation
from appraisal.records.marks import Whose, whose

Tree = Mapping[str, Any]


def cases_of(appraisals: Sequence[Appraisal]) -> dict[int, Case]:
    """The case of each appraisal, by its key. Two queries: the rows of earlier results, and the scores that some
    schemes ask about."""
    schemes = {one.pk: scheme_of(one.track) for one in appraisals}
    rows = _rows(appraisals, {pk: scheme.scheme for pk, scheme in schemes.items()})
    wanted = [one for one in appraisals if reads_explanation(schemes[one.pk], one.cycle.period_kind)]
    documents = documents_of(wanted)
    return {
        one.pk: Case(
            scheme=schemes[one.pk],
            period_kind=one.cycle.period_kind,
            row=rows[one.pk],
            # A unit or organisation has no first period of its own.
            hired_on=one.employee.hired_on if one.is_of_person else date.min,
            indicators=scores_in(tree_in(documents[one.pk])) if one.pk in documents else {},
            settings=settings_of(one.track),
            results={node["key"]: node for node in documents.get(one.pk, {}).get("results", ())},
        )
        for one in appraisals
    }


def _rows(appraisals: Sequence[Appraisal], keys: Mapping[int, str]) -> dict[int, list[Past]]:
    """What counts is what the employee knows: released, and not taken back since."""
    found = (
        Appraisal.objects.filter(
            Q(employee_id__in={one.employee_id for one in appraisals})
            | Q(unit_id__in={one.unit_id for one in appraisals if one.unit_id})
            | Q(organisation_id__in={one.organisation_id for one in appraisals if one.organisation_id}),
            track__scheme_version__key__in=set(keys.values()),
            cycle__period_kind__in={one.cycle.period_kind for one in appraisals},
            released_at__isnull=False,
        )
        .exclude(Q(state__in=BEFORE_RELEASE) | Q(state=Step.WITHDRAWN) | Q(final_grade="", final_origin=""))
        .order_by("cycle__starts_on", "pk")
        .values_list(
            "pk", "employee_id", "unit_id", "organisation_id", "track__scheme_version__key", "cycle__period_kind",
            "cycle__starts_on", "cycle__ends_on", "final_grade",
        )
    )  # fmt: skip
    history: dict[tuple[Whose, str, str], list[tuple[int, Past]]] = defaultdict(list)
    for pk, employee_id, unit_id, organisation_id, key, kind, starts_on, ends_on, grade in found:
        history[whose(employee_id, unit_id, organisation_id), key, kind].append((pk, Past(starts_on, ends_on, grade)))
    return {one.pk: list(_until(one, history[one.whose, keys[one.pk], one.cycle.period_kind])) for one in appraisals}


def _until(appraisal: Appraisal, history: Sequence[tuple[int, Past]]) -> Iterator[Past]:
    """The earlier results, then the present one, whatever later ones have been released already."""
    for pk, past in history:
        if pk != appraisal.pk and past.starts_on < appraisal.cycle.starts_on:
            yield past
    yield Past(appraisal.cycle.starts_on, appraisal.cycle.ends_on, appraisal.final_grade)


def explanations_of(appraisals: Sequence[Appraisal]) -> dict[int, Tree]:
    """The tree of each appraisal's latest result."""
    return {pk: tree_in(document) for pk, document in documents_of(appraisals).items()}


def tree_in(document: Tree) -> Tree:
    tree: Tree = document.get("tree", document)
    return tree


def documents_of(appraisals: Sequence[Appraisal]) -> dict[int, Tree]:
    """The stored explanation of each appraisal's latest result."""
    if not appraisals:
        return {}
    latest = Result.objects.filter(appraisal__in=appraisals).values("appraisal").annotate(last=Max("pk"))
    rows = Result.objects.filter(pk__in=latest.values("last")).values_list("appraisal_id", "explanation")
    return {pk: document for pk, document in rows if document}


def nodes_in(tree: Tree) -> Iterator[Tree]:
    yield tree
    for child in tree.get("children", ()):
        yield from nodes_in(child)


def scores_in(tree: Tree) -> dict[str, Decimal]:
    return {
        node["key"]: Decimal(node["value"])
        for node in nodes_in(tree)
        if node.get("key") and node.get("value") is not None and node.get("rule") not in {"deduction", "grade"}
    }


def start_value(tree: Tree, indicator: str) -> Decimal | None:
    """Where an indicator stands: its own percentage where it is one, its score otherwise."""
    for node in nodes_in(tree):
        if node.get("key") == indicator:
            percent = next((figure["value"] for figure in node.get("figures", ()) if figure["name"] == "percent"), None)
            value = percent if percent is not None else node.get("value")
            return None if value is None else Decimal(value)
    return None
