from decimal import Decimal

import pytest
import yaml

from appraisal.schemes.loader import load_scheme
from appraisal.workshop.patching import NoSuchPlaceError, Patch, quoted, set_number, set_parameter
from tests.schemes.documents import SALES, SMALL

TEXT = """\
# 说明
title: {zh: 方案, en: Plan}   # kept
parameters:
  step: {label: {zh: 步, en: Step}, missing: true, proposed: 1, clause: 每低____分}
  base:
    label: {zh: 基, en: Base}
    missing: true  # 未写
    proposed: 80
    unit: 分
  cap: {label: {zh: 顶, en: Cap}, value: 120}
bands:
  - {grade: a, at_least: {parameter: top}, below: 100}
  - grade: b
    below: {assumed: 60}
"""


def patched(change: object) -> str:
    patch = Patch(TEXT)
    change(patch)  # type: ignore[operator]
    return patch.applied()


def test_a_missing_number_becomes_assumed_and_loses_its_proposal():
    text = patched(lambda patch: set_parameter(patch, "step", "assumed", Decimal("1.50")))
    assert "step: {label: {zh: 步, en: Step}, assumed: 1.5, clause: 每低____分}" in text
    assert text.replace("assumed: 1.5,", "missing: true, proposed: 1,") == TEXT


def test_in_a_block_the_whole_line_of_the_proposal_goes_and_comments_stay():
    text = patched(lambda patch: set_parameter(patch, "base", "value", Decimal(75)))
    assert "    value: 75  # 未写\n    unit: 分\n" in text
    assert "proposed: 80" not in text


def test_a_value_becomes_missing_and_nothing_else_changes():
    text = patched(lambda patch: set_parameter(patch, "cap", "missing", None))
    assert text == TEXT.replace("value: 120", "missing: true")


def test_bounds_are_changed_renamed_added_and_removed():
    def change(patch: Patch) -> None:
        set_number(patch, ("bands", 1, "below"), Decimal(61))
        patch.rename(("bands", 1, "below"), "at_most")
        patch.insert(("bands", 1, "at_least"), "0")
        patch.remove(("bands", 0, "below"))

    text = patched(change)
    assert "  - {grade: a, at_least: {parameter: top}}\n" in text
    assert "  - at_least: 0\n    grade: b\n    at_most: {assumed: 61}\n" in text
    assert yaml.safe_load(text)["bands"][1] == {"at_least": 0, "grade": "b", "at_most": {"assumed": 61}}


def test_a_place_that_is_not_there_or_holds_a_parameter_is_refused():
    with pytest.raises(NoSuchPlaceError):
        patched(lambda patch: set_number(patch, ("bands", 0, "at_least"), Decimal(1)))
    with pytest.raises(NoSuchPlaceError):
        patched(lambda patch: patch.replace(("bands", 7, "below"), "1"))


@pytest.mark.parametrize("words", ["方案：一", "a: b", "true", "- x", 'say "x"', "#1", "50 %, gross", "{x}"])
def test_words_are_written_so_that_they_read_back(words: str):
    assert yaml.safe_load(f"{{a: {quoted(words)}}}") == {"a": words}


@pytest.mark.parametrize("text", [SMALL, SALES])
def test_a_weight_changes_alone_in_a_real_document(text: str):
    before = load_scheme(text, file="x")
    path = ("indicators", 1, "of", 0, "weight")
    patch = Patch(text)
    set_number(patch, path, Decimal("12.5"))
    after = load_scheme(patch.applied(), file="x")
    assert after.all_indicators[-1] == before.all_indicators[-1]
    changed = after.indicators[1].of[0].weight  # type: ignore[union-attr]
    assert (changed.value or changed.assumed) == Decimal("12.5")
    assert len(patch.applied().splitlines()) == len(text.splitlines())
