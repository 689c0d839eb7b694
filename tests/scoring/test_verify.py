"""A changed number in an explanation is found by working it out again, even when the seal is made anew."""

import json
import re

import pytest

from appraisal.schemes.spec import KINDS, RESULT_KINDS
from appraisal.scoring.scored import digest_of
from appraisal.scoring.verify import Checker, differences
from tests.scoring.tampering import Json, Path, at, explanations, forged, nodes, numbers

# Where a number may change without the outcome changing: a comparison, a bound, a rounding, a row of a table.
SWALLOWS = re.compile(r"[<>=]|\bif\b|\b(min|max|floor|ceil|round|clamp|lookup|marginal|count|any|all|weekdays)")


def owner(document: Json, path: Path) -> tuple[Json, Path]:
    """The node that the number belongs to."""
    while "rule" not in at(document, path):
        path = path[:-1]
    return at(document, path), path


def computed_with(document: Json, path: Path) -> bool:
    """Nothing but + - * / stands between the number and a value of the explanation."""
    if path[0] in {"total", "tables"}:
        return path[0] == "total"
    node, place = owner(document, path)
    if node["status"] != "counted":
        return False
    if path[:-1] == place:
        return bool(path[-1] in {"value", "contribution", "counted_weight", "out_of"})
    name = at(document, path[:-1])["name"]
    used = [one["key"] for one in node["used"] if (*place, "used", node["used"].index(one)) == path[: len(place) + 2]]
    texts = [text for _, text in node["formulas"]]
    named = [text for text in texts if re.search(rf"\b({'|'.join([name, *used])})\b", text)]
    return bool(named) and not any(SWALLOWS.search(text) for text in texts) and not used_beside(node, name, used)


def used_beside(node: Json, name: str, used: list[str]) -> bool:
    """A formula that names an input reads its first figure, not those beside it; a factor beside zero says nothing."""
    for one in node["used"]:
        if one["key"] in used and one["figures"] and one["figures"][0]["name"] != name:
            return True
    values = [figure["value"] for figure in node["figures"]]
    values += [figure["value"] for one in node["used"] for figure in one["figures"]]
    return "0" in values


@pytest.fixture(scope="module")
def tried() -> list[tuple[str, Path, bool]]:
    """Every number of every explanation, and whether its change was found."""
    tried: list[tuple[str, Path, bool]] = []
    for name, document in explanations().items():
        for path in numbers(document):
            tried.append((name, path, found(forged(document, path))))
    return tried


def found(document: Json) -> bool:
    try:
        return differences(document) != []
    except (ArithmeticError, AssertionError, KeyError, StopIteration, TypeError, ValueError):
        return True  # the program reports these too, and exits with 1


@pytest.mark.slow
def test_every_number_that_is_computed_with_is_found(tried: list[tuple[str, Path, bool]]) -> None:
    documents = explanations()
    missed = [(name, path) for name, path, was_found in tried if not was_found and computed_with(documents[name], path)]

    assert len(tried) > 2000
    assert missed == []


@pytest.mark.slow
def test_in_every_kind_of_rule_and_result_a_change_is_found(tried: list[tuple[str, Path, bool]]) -> None:
    documents = explanations()
    kinds: dict[str, list[bool]] = {}
    for name, path, was_found in tried:
        if path[0] in {"tree", "results"}:
            kinds.setdefault(owner(documents[name], path)[0]["rule"], []).append(was_found)

    below = {"rows": "cell", "rank": "row", "lights": "light", "marks": "mark"}
    wanted = {below.get(kind, kind) for kind in (*KINDS, *RESULT_KINDS)} - {"light", "mark"}
    assert {kind for kind in wanted if not any(kinds.get(kind, []))} == set()
    # What is not found: bounds that did not bite, prices of what did not happen, figures that only a comparison read.
    share = sum(was_found for *_, was_found in tried) / len(tried)
    assert share > 0.55


def reworded(document: Json, path: Path, word: str) -> Json:
    copy = json.loads(json.dumps(document))
    at(copy, path)["word"] = word
    copy["digest"] = digest_of({key: value for key, value in copy.items() if key != "digest"})
    return copy


@pytest.mark.parametrize("rule", ["mark", "light", "expr"])
def test_a_changed_verdict_is_found(rule: str) -> None:
    other = {"yes": "no", "no": "yes", "green": "red", "yellow": "green", "red": "yellow"}
    tried = 0
    for document in explanations().values():
        for path, node in nodes(document):
            if node["rule"] == rule and node["status"] == "counted" and node["word"] in other and node["formulas"]:
                tried += 1
                assert differences(reworded(document, path, other[node["word"]])), (rule, path)

    assert tried > 5


def test_working_days_are_counted_as_unchecked_not_as_wrong() -> None:
    document = next(one for one in explanations().values() if "working_days_after" in json.dumps(one))
    checker = Checker(document)

    assert checker.run() == []
    assert checker.unchecked > 0


def test_the_seal_covers_what_arithmetic_cannot_see() -> None:
    document = next(iter(explanations().values()))
    path = next(path for path in numbers(document) if not differences(forged(document, path)))
    tampered = forged(document, path)
    tampered["digest"] = document["digest"]

    assert differences(tampered) == ["the document: changed since it was sealed (digest)"]
