from appraisal.workshop.difference import changes
from tests.schemes.documents import SMALL, small_text


def told(*pairs: tuple[str, str]) -> list[tuple[str, str, str]]:
    return [(change.path, change.before, change.after) for change in changes(SMALL, small_text(*pairs))]


def test_a_changed_weight_is_named_with_the_labels_above_it():
    (change,) = changes(SMALL, small_text(("weight: 30", "weight: 25")))
    assert (change.path, change.before, change.after) == ("indicators.people.of.manner.weight", "30", "25")
    assert change.place == "Indicators › People › of › Manner › Weight"


def test_what_is_new_and_what_is_gone_have_one_empty_side():
    assert told(("value: 120}", "value: 120, unit: 分}")) == [("parameters.cap.unit", "", "分")]
    assert told((", rights: true", "")) == [("steps.appeal_window.rights", "true", "")]


def test_another_order_of_bands_says_nothing():
    first = "    - {grade: good, label: {zh: 好, en: Good}, at_least: 80}\n"
    second = "    - {grade: poor, label: {zh: 差, en: Poor}, below: 80}\n"
    assert changes(SMALL, small_text((first + second, second + first))) == []


def test_the_same_document_has_no_difference():
    assert changes(SMALL, f"# a comment\n{SMALL}") == []
