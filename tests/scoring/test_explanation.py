import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from appraisal.scoring import verify
from appraisal.scoring.engine import score
from appraisal.scoring.explanation import Node
from appraisal.scoring.roll_up import roll_up
from appraisal.scoring.scored import Scored, digest_of, sealed
from tests.schemes.documents import sales, small
from tests.scoring.figures import D, incidents, measure, quarter, ratings


def explained() -> Scored:
    return score(
        sales(), quarter(audit=incidents("minor", "medium"), sales=measure("1000001", "3")), period_kind="quarter"
    )


def exported(result: Scored) -> Any:
    return json.loads(json.dumps(sealed(result.to_json()), ensure_ascii=False))


def results() -> dict[str, Scored]:
    rounding = ("grades:\n", "grades:\n  round: {places: 0, mode: half_up}\n")
    figures = {"sales": measure("79.2", "100"), "rating": ratings("6.65"), "audit": incidents("minor")}
    return {
        "a quarter": explained(),
        "a month": score(sales(), quarter(satisfaction=None), period_kind="month"),
        "something missing": score(sales(), quarter(learning=None), period_kind="quarter"),
        "a critical violation": score(sales(), quarter(audit=incidents("critical")), period_kind="quarter"),
        "too few raters": score(sales(), quarter(teamwork=ratings("80")), period_kind="quarter"),
        "rounded": score(small(rounding), figures, period_kind="quarter"),
        "a year": roll_up(sales(), [D(82), D(87), D(91), D(76)]),
    }


@pytest.mark.parametrize("name", results())
def test_the_tree_comes_back_from_json_as_it_was(name: str) -> None:
    result = results()[name]

    assert Node.from_json(exported(result)["tree"]) == result.tree


@pytest.mark.parametrize("name", results())
def test_an_untouched_explanation_is_verified(name: str) -> None:
    assert verify.differences(exported(results()[name])) == []


def places(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every text of the document that has a digit in it."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield from places(value, (*path, key))
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from places(value, (*path, index))
    elif isinstance(part, str) and re.search(r"\d", part) and path[0] != "format":
        yield path


def tampered(document: Any, path: tuple[Any, ...]) -> Any:
    copy = json.loads(json.dumps(document))
    holder = copy
    for part in path[:-1]:
        holder = holder[part]
    text = holder[path[-1]]
    last = [match.start() for match in re.finditer(r"\d", text)][-1]
    holder[path[-1]] = text[:last] + str((int(text[last]) + 1) % 10) + text[last + 1 :]
    return copy


def test_any_changed_digit_anywhere_is_found() -> None:
    document = exported(explained())
    found = [path for path in places(document) if not verify.differences(tampered(document, path))]

    assert len(list(places(document))) > 100
    assert found == []


# What bounds a score but did not bite, or counts people: no sum or product depends on it. A reading is a word.
IDLE = {"lower", "upper", "floor", "cap", "at_least", "count", "answers", "each.serious", "rise_reading"}


def test_a_changed_number_is_found_even_when_the_seal_is_made_anew() -> None:
    document = exported(explained())
    numbers = [path for path in places(document) if path[-1] in {"value", "contribution", "weight", "counted_weight"}]
    unseen = set()
    for path in numbers:
        forged = tampered(document, path)
        forged["digest"] = digest_of({key: value for key, value in forged.items() if key != "digest"})
        if not verify.differences(forged):
            unseen.add(figure_at(document, path))

    assert len(numbers) > 70
    assert unseen == IDLE


def figure_at(document: Any, path: tuple[Any, ...]) -> str | None:
    for part in path[:-1]:
        document = document[part]
    return document.get("name")


def test_the_verifier_needs_nothing_but_python(tmp_path: Path) -> None:
    program = tmp_path / "verify.py"
    program.write_text(Path(verify.__file__).read_text(encoding="utf-8"), encoding="utf-8")
    document = exported(explained())
    sound, forged = tmp_path / "sound.json", tmp_path / "forged.json"
    sound.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    forged.write_text(json.dumps(tampered(document, ("total",))), encoding="utf-8")

    def run(file: Path) -> tuple[int, str]:
        done = subprocess.run([sys.executable, "-I", "-S", program, file], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    assert run(sound) == (0, "Every digit holds.\n")
    code, output = run(forged)
    assert code == 1
    assert output.endswith("differences.\n")


def test_what_is_no_explanation_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    for text in ("", "[]", "{}", '{"format": "pingheng-explanation/1"}'):
        file.write_text(text, encoding="utf-8")
        assert verify.main([str(file)]) == 1
    assert verify.main([]) == 2


def test_every_node_that_counts_has_a_sentence_in_both_languages() -> None:
    def nodes(node: Node) -> Iterator[Node]:
        yield node
        for child in node.children:
            yield from nodes(child)

    for result in results().values():
        for node in nodes(result.tree):
            assert node.sentence.zh, node.key
            assert node.sentence.en, node.key
            assert node.label.zh, node.key


def test_sentences_read_as_a_person_would_say_them() -> None:
    tree = score(sales(), quarter(audit=incidents("minor")), period_kind="quarter").tree

    def says(key: str) -> tuple[str, str]:
        node = tree.find(key)
        assert node is not None
        return node.sentence.zh, node.sentence.en

    assert says("sales_attainment") == (
        "实际 960,000 元，目标 1,000,000 元，完成 96%，得 96 分。",
        "960,000 of a target of 1,000,000 CNY is 96%: 96 points.",
    )
    assert says("lead_conversion") == (
        "18 ÷ 120 = 15%，目标 20%，得 75 分。",
        "18 of 120 is 15%, against a target of 20%: 75 points.",
    )
    assert says("sales_compliance") == (
        "1 起已确认的违规共扣 5 分，由 100 分扣至 95 分。",
        "1 confirmed incident takes 5 off 100: 95 points.",
    )
    assert says("grade") == (
        "总分 87.15，在 85 ≤ x < 95 内，等级为 A級。",
        "A total of 87.15 lies in 85 ≤ x < 95: grade A.",
    )


def test_an_assumed_number_marks_everything_that_rests_on_it() -> None:
    tree = score(sales(), quarter(), period_kind="quarter").tree
    assert tree.assumed
    assert {figure.origin for figure in tree.figures} == {"assumed"}

    stated = score(
        small(), {"sales": measure("1", "1"), "rating": ratings("5"), "audit": incidents()}, period_kind="quarter"
    )
    assert not stated.tree.assumed
