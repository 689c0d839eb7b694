"""Formulas: what is let through, and hostile text refused at once."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.schemes.expressions import ExpressionError, Mention, mentions_in, names_in, parse, uses_calendar


def code_of(text: str) -> str:
    with pytest.raises(ExpressionError) as refused:
        parse(text)
    return refused.value.code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2 ** 9999999999", "formula_forbidden"),
        ("9" * 19, "formula_number"),
        ("1e400", "formula_number"),
        ("0x10", "formula_number"),
        ("1_000", "formula_number"),
        ("1j", "formula_forbidden"),
        ("x.__class__", "formula_forbidden"),
        ("().__class__.__bases__", "formula_forbidden"),
        ("x[0]", "formula_forbidden"),
        ("[y for y in x]", "formula_forbidden"),
        ("(lambda: 1)()", "formula_function"),
        ("(x := 5)", "formula_forbidden"),
        ("f'{x}'", "formula_forbidden"),
        ("b'x'", "formula_forbidden"),
        ("None", "formula_forbidden"),
        ("...", "formula_forbidden"),
        ("x % 2", "formula_forbidden"),
        ("x // 2", "formula_forbidden"),
        ("x << 9999", "formula_forbidden"),
        ("x @ y", "formula_forbidden"),
        ("~x", "formula_forbidden"),
        ("+x", "formula_forbidden"),
        ("x is y", "formula_forbidden"),
        ("x in y", "formula_forbidden"),
        ("x in ('a', y)", "formula_forbidden"),
        ("x == (1, 2)", "formula_forbidden"),
        ("(1, 2)", "formula_forbidden"),
        ("{}", "formula_forbidden"),
        ("await x", "formula_forbidden"),
        ("yield", "formula_unreadable"),
        ("eval('1')", "formula_function"),
        ("__import__('os')", "formula_function"),
        ("open('x')", "formula_function"),
        ("min(1)", "formula_arguments"),
        ("min(*x)", "formula_arguments"),
        ("round(x, places=2)", "formula_arguments"),
        ("sum(1 + 2, x)", "formula_arguments"),
        ("given('x')", "formula_arguments"),
        ("__x", "formula_name"),
        ("Xy", "formula_name"),
        ("数", "formula_name"),
        ("x = 1", "formula_unreadable"),
        ("import os", "formula_unreadable"),
        ("x; y", "formula_unreadable"),
        ("(", "formula_unreadable"),
        ("", "formula_unreadable"),
        ("'" + "x" * 61 + "'", "formula_forbidden"),
        ("x" * 601, "formula_too_long"),
        ("1" + "+1" * 290, "formula_too_long"),
        ("-" * 40 + "x", "formula_too_deep"),
        ("abs(" * 40 + "x" + ")" * 40, "formula_too_deep"),
        ("\x00", "formula_unreadable"),
    ],
)  # fmt: skip
def test_what_is_no_formula_is_refused_by_name(text: str, code: str) -> None:
    assert code_of(text) == code


@pytest.mark.parametrize(
    "text",
    ["(" * 300 + ")" * 300, "-" * 599, "not " * 149, "1" + "*9" * 299, "9" * 600, "x" + "[0]" * 199, "if " * 200],
)
def test_hostile_text_is_refused_within_a_moment(text: str) -> None:
    began = time.perf_counter()
    with pytest.raises(ExpressionError):
        parse(text)

    assert time.perf_counter() - began < 0.5


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="xyz019.+-*/()[]{}<>=!'\",: \n\\andorintfel_", max_size=80))
def test_any_text_is_a_formula_or_refused(text: str) -> None:
    try:
        parse(text)
    except ExpressionError as refused:
        assert refused.code.startswith("formula_")


def test_a_literal_is_exactly_what_is_written() -> None:
    assert str(parse("0.1").value) == "0.1"
    assert str(parse("123456789012345.678").value) == "123456789012345.678"


def test_names_are_told_with_their_role_and_rows() -> None:
    names = {(one.name, one.role, one.rows) for one in names_in("sum(items, price * rate, late) + target(sales) - x")}

    assert names == {
        ("items", "rows", ()), ("price", "value", ("items",)), ("rate", "value", ("items",)),
        ("late", "value", ("items",)), ("sales", "input", ()), ("x", "value", ()),
    }  # fmt: skip
    assert {one.name for one in names_in("part(sales, new)")} == {"sales"}


def test_mentions_keep_the_words_that_a_name_is_compared_with() -> None:
    assert set(mentions_in("lookup(rates, role) if role in ('a', 'b') else part(sales, new)")) == {
        Mention("rates", "lookup", (), "role"), Mention("role", ""), Mention("role", "==", (), "a"),
        Mention("role", "==", (), "b"), Mention("sales", "part", (), "new"),
    }  # fmt: skip


def test_a_formula_says_whether_it_needs_the_calendar() -> None:
    assert uses_calendar("working_days_after(as_of, 3)")
    assert not uses_calendar("add_days(as_of, 3)")
