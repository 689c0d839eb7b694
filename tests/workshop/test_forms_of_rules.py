"""Every kind of rule as a form: drawn from the catalogue, sent back, and with one number changed."""

from datetime import date
from decimal import Decimal

import pytest

from appraisal.schemes.loader import load_scheme
from appraisal.schemes.models import SchemeVersion
from appraisal.schemes.spec import KINDS
from appraisal.scoring.cases import case_of, run
from appraisal.workshop.boxes.base import Entry
from appraisal.workshop.boxes.words import RULE_KINDS
from appraisal.workshop.entries import Target, branches_with_paths, found
from appraisal.workshop.queries import catalogue_version
from tests.schemes.documents import SMALL, small_text
from tests.workshop.forms import posted
from tests.workshop.test_library import VERSIONS
from workflow.calendars import is_mainland_working_day


def versions() -> list[SchemeVersion]:
    loaded = [catalogue_version(key, day) for key, day in VERSIONS]
    return [one for one in loaded if one is not None]


def entry(version: SchemeVersion, target: Target, typed: object = None) -> Entry:
    box = target.box(version.document, version.scheme, typed or {})  # type: ignore[arg-type]
    return Entry(box, typed)  # type: ignore[arg-type]


def sent(version: SchemeVersion, target: Target, **changes: str) -> Entry:
    data = posted(entry(version, target))
    for name, value in changes.items():
        data[name] = value
    form = entry(version, target, data)
    assert form.is_valid(), form.errors
    return form


def test_every_kind_of_rule_has_its_words() -> None:
    assert set(RULE_KINDS) == set(KINDS)


@pytest.mark.parametrize("version", versions(), ids=lambda version: f"{version.key}-{version.valid_from}")
def test_every_part_of_the_catalogue_is_sent_back_as_it_was(version: SchemeVersion) -> None:
    scheme = version.scheme
    keys = [
        *(("weights", branch.key) for _path, branch in branches_with_paths(scheme)),
        *(("inputs", key) for key in scheme.inputs), *(("parameters", key) for key in scheme.parameters),
        *(("grades", str(place)) for place, _band in enumerate(scheme.grades.bands if scheme.grades else ())),
    ]  # fmt: skip
    for part, key in keys:
        target = found(scheme, part, key)
        assert target is not None
        form = sent(version, target)
        assert form.changed_data == []
        assert target.written(version.document, scheme, form)[0] == version.document, (part, key)


def sample_of(kind: str) -> tuple[SchemeVersion, Target, str]:
    """An indicator of the catalogue with this kind of rule, and a number of the rule; or else its weight."""
    found_ones: dict[str, tuple[SchemeVersion, Target, str]] = {}
    for version in versions():
        for one in version.scheme.all_indicators:
            if one.score.kind != kind:
                continue
            target = found(version.scheme, "weights", one.key)
            assert target is not None
            form = entry(version, target)
            for name in form.fields:
                if name.endswith(".n") and name.startswith(("score.", "weight.")) and form[name].value() is not None:
                    found_ones.setdefault(name.partition(".")[0], (version, target, name))
                elif name.endswith(".n") and name.startswith("score.") and form[f"{name[:-1]}o"].value():
                    found_ones.setdefault("held", (version, target, name))
        if "score" in found_ones:
            break
    return next(found_ones[where] for where in ("score", "held", "weight") if where in found_ones)


@pytest.mark.parametrize("kind", KINDS)
def test_a_number_of_the_rule_changes_one_line_and_nothing_else(kind: str) -> None:
    version, target, name = sample_of(kind)
    assert name.startswith("weight." if kind in {"mean", "survey", "met"} else "score.")
    changed = Decimal(entry(version, target)[name].value() or 6) + 1
    text = target.written(version.document, version.scheme, sent(version, target, **{name: str(changed)}))[0]
    old, new = version.document.splitlines(), text.splitlines()
    assert len(old) == len(new)
    assert sum(a != b for a, b in zip(old, new, strict=True)) == 1
    after = load_scheme(text, file="x")
    assert Entry(target.box(text, after, {}))[name].value() == changed
    before = {one.key: one for one in version.scheme.all_indicators}
    assert [one.key for one in after.all_indicators if one != before[one.key]] == [target.key]


def test_the_scheme_scores_by_the_number_that_was_typed() -> None:
    """A completion of 130 % with the cap at 120 gives 120; with the cap at 125 it gives 125."""
    version = SchemeVersion(key="small", valid_from=date(2026, 1, 1), document=SMALL)
    target = found(version.scheme, "weights", "attainment")
    assert target is not None
    form = sent(version, target, **{"score.cap.o": "value", "score.cap.n": "125"})
    text = target.written(SMALL, version.scheme, form)[0]
    assert text == small_text(("cap: {parameter: cap}", "cap: 125"))
    data = {"scheme": "small", "as_of": "2026-03-31", "input": {"sales": {"actual": 130, "target": 100}}}
    outcome = run(case_of(data, 1), load_scheme(text, file="x"), is_working_day=is_mainland_working_day)
    assert outcome.outputs["attainment"] == 125
