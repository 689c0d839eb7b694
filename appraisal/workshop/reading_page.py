"""A scheme as a document that people read from top to bottom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from appraisal.schemes.spec import Commission, Deliverable, Group, Indicator, Parameter, Pay, Proposal, Scheme, Step
from appraisal.workshop.patching import number as plain
from appraisal.workshop.rule_words import rule_says
from appraisal.workshop.words import (
    BEGINS,
    EXPIRIES,
    FIELDS,
    INPUTS,
    PERIODS,
    ROLES,
    STEPS,
    SUBJECTS,
    Shown,
    bounds,
    formula,
    listed,
    shown,
    side,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a section: what, how it is put, and where the source says it."""

    label: str
    key: str = ""
    says: str = ""
    more: tuple[str, ...] = ()
    clause: str = ""
    number: Shown | None = None
    unit: str = ""
    depth: int = 0
    is_group: bool = False


def head_of(scheme: Scheme) -> list[tuple[str, str]]:
    return [
        (_("Appraised"), str(SUBJECTS[scheme.subject])),
        (_("Population"), side(scheme.population) or "—"),
        (_("Periods"), listed([str(PERIODS[kind]) for kind in scheme.period_kinds])),
        (_("Source"), listed([one for one in (scheme.source.file, scheme.source.clause) if one])),
        (_("Numbers of the catalogue"), listed(list(scheme.ids)) or "—"),
    ]


def parameters_of(scheme: Scheme) -> list[Line]:
    return [_parameter(key, parameter) for key, parameter in scheme.parameters.items()]


def _parameter(key: str, parameter: Parameter) -> Line:
    origin = "missing" if parameter.missing else "stated" if parameter.value is not None else "assumed"
    more = [side(parameter.note)] if parameter.note else []
    if parameter.choices:
        more.append(_("Choices: %(choices)s.") % {"choices": listed([side(one) for one in parameter.choices.values()])})
    if parameter.proposed is not None:
        more.append(_("Proposed: %(value)s.") % {"value": setting(parameter, parameter.proposed)})
    return Line(
        side(parameter.label), key, more=tuple(more), clause=parameter.clause or "", unit=side(parameter.unit),
        number=Shown(setting(parameter, parameter.setting), origin),
    )  # fmt: skip


def setting(parameter: Parameter, value: Any) -> str:
    if value is None:
        return ""
    return side(parameter.choices[value]) if value in parameter.choices else plain(value)


def inputs_of(scheme: Scheme) -> list[Line]:
    found = []
    for key, spec in scheme.inputs.items():
        who = getattr(spec, "owner", None) or getattr(spec, "by", None)
        people = listed([str(ROLES[one]) for one in ((who,) if who else getattr(spec, "confirmed_by", ()))])
        more = [side(spec.definition)] if spec.definition else []
        inside = getattr(spec, "columns", None) or getattr(spec, "severities", None)
        if inside:
            more.append(listed([side(part.label) for part in inside.values()]))
        if isinstance(spec, Deliverable) and spec.expected:
            more.append(listed([side(label) for label in spec.expected.values()]))
        more += [] if spec.required else [_("May be left out.")]
        more += [listed([str(PERIODS[kind]) for kind in spec.periods])] if spec.periods else []
        says = _("%(kind)s, given by %(people)s") % {"kind": INPUTS[spec.kind], "people": people}
        found.append(Line(side(spec.label), key, says, tuple(more), spec.clause or "", unit=side(_unit(spec))))
    return found


def _unit(spec: Any) -> Any:
    unit = getattr(spec, "unit", None)
    return None if unit is None or unit.zh == "—" else unit


def tree_of(scheme: Scheme) -> list[Line]:
    return list(_branches(scheme, scheme.indicators, 0))


def _branches(scheme: Scheme, branches: tuple[Group | Indicator, ...], depth: int) -> Iterator[Line]:
    for branch in branches:
        is_group = isinstance(branch, Group)
        more = [_("Only when: %(formula)s.") % {"formula": formula(scheme, branch.when)}] if branch.when else []
        if isinstance(branch, Group) and branch.alternatives:
            more.append(_("Only the first that applies counts."))
        if isinstance(branch, Indicator) and branch.definition:
            more.append(side(branch.definition))
        says = rule_says(scheme, branch.score) if isinstance(branch, Indicator) else ""
        yield Line(
            side(branch.label), branch.key, says, tuple(more), branch.clause or "", shown(scheme, branch.weight),
            depth=depth, is_group=is_group,
        )  # fmt: skip
        if isinstance(branch, Group):
            yield from _branches(scheme, branch.of, depth + 1)


def tables_of(scheme: Scheme) -> list[dict[str, Any]]:
    found = []
    for key, table in scheme.tables.items():
        rows = []
        for row in table.rows:
            when = row.equals or bounds(scheme, row)
            gives = str(shown(scheme, row.gives)) if row.gives is not None else side(row.label) or row.says
            rows.append((when, gives))
        found.append({"label": side(table.label), "key": key, "clause": table.clause or "", "rows": rows})
    return found


def grades_of(scheme: Scheme) -> list[Line]:
    if scheme.grades is None:
        return []
    return [Line(side(band.label), band.grade, bounds(scheme, band)) for band in scheme.grades.bands]


def steps_of(scheme: Scheme) -> list[Line]:
    return [_step(name, step) for name, step in scheme.steps.items() if step is not None]


def _step(name: str, step: Step) -> Line:
    more = []
    if step.remind or step.escalate:
        days = listed([f"{day:+d}" if day else "0" for day in (*step.remind, *step.escalate)])
        more.append(_("Reminders on working days %(days)s from the due day.") % {"days": days})
    more += [str(EXPIRIES[step.on_expiry])] if EXPIRIES[step.on_expiry] else []
    more += (
        [_("Assumed: %(fields)s.") % {"fields": listed([str(FIELDS.get(field, field)) for field in step.assumed])}]
        if step.assumed
        else []
    )
    says = listed([str(ROLES[role]) for role in step.holder])
    if step.within:
        says = _("%(people)s: %(count)s %(unit)s, %(begins)s") % {
            "people": says, "count": step.within.count, "begins": BEGINS[step.of],
            "unit": _("working days") if step.within.unit == "working" else _("calendar days"),
        }  # fmt: skip
    return Line(str(STEPS[name]), name, says, tuple(more), step.clause or "")


def results_of(scheme: Scheme) -> list[Line]:
    found = []
    for key, result in scheme.results.items():
        more = [formula(scheme, text) for _field, text, _rows in result.formulas_written()]
        note = side(result.note)
        found.append(
            Line(side(result.label), key, note, tuple(more), result.clause or "", unit=side(result.unit))
        )  # fmt: skip
    return found


def outcomes_of(scheme: Scheme) -> list[Line]:
    return [
        Line(side(outcome.label), key, *_outcome(scheme, outcome), outcome.clause or "")
        for key, outcome in scheme.outcomes.items()
    ]


def _outcome(scheme: Scheme, outcome: Pay | Commission | Proposal) -> tuple[str, tuple[str, ...]]:
    if isinstance(outcome, Pay):
        times = [f"{grade} × {shown(scheme, number)}" for grade, number in outcome.times.items()]
        return _("Pay, each %(period)s") % {"period": PERIODS[outcome.each]}, (listed(times),) if times else ()
    if isinstance(outcome, Commission):
        levels = [f"{side(level.label)} {shown(scheme, level.percent)} %" for level in outcome.levels.values()]
        return _("Commission"), (listed(levels),)
    people = listed([str(ROLES[role]) for role in outcome.approved_by])
    return _("Proposal, decided by %(people)s") % {"people": people}, ()


def document_of(scheme: Scheme) -> dict[str, Any]:
    return {
        "head": head_of(scheme),
        "notes": [side(note) for note in scheme.notes],
        "duties": [side(duty) for duty in scheme.duties],
        "parameters": parameters_of(scheme),
        "inputs": inputs_of(scheme),
        "tree": tree_of(scheme),
        "tables": tables_of(scheme),
        "grades": grades_of(scheme),
        "steps": steps_of(scheme),
        "results": results_of(scheme),
        "outcomes": outcomes_of(scheme),
    }
