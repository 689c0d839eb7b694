import ast

import pytest

from appraisal.schemes.loader import load_scheme
from appraisal.schemes.spec import Commission, Pay
from appraisal.scoring.pay import NumberMissingError, commission, pay
from appraisal.scoring.verify import Formula
from tests.schemes.documents import SALES, sales
from tests.scoring.figures import D


def rule(key: str) -> Pay:
    found = sales().outcomes[key]
    assert isinstance(found, Pay)
    return found


def levels() -> Commission:
    found = sales().outcomes["commission"]
    assert isinstance(found, Commission)
    return found


@pytest.mark.parametrize(("grade", "amount"), [("S", "3600"), ("A", "3000"), ("B", "2400"), ("C", "1800"), ("D", "0")])
def test_the_monthly_bonus_follows_the_grade(grade: str, amount: str) -> None:
    assert pay(sales(), rule("monthly_bonus"), grade=grade, base=D(3000)).amount == D(amount)


@pytest.mark.parametrize(("grade", "amount"), [("S", "28000"), ("A", "20000"), ("D", "0")])
def test_the_annual_bonus_adds_a_month_for_s_and_is_cancelled_for_d(grade: str, amount: str) -> None:
    paid = pay(sales(), rule("annual_bonus"), grade=grade, base=D(20000), month_salary=D(8000))

    assert paid.amount == D(amount)


def test_money_is_rounded_half_up_to_the_cent_once() -> None:
    assert pay(sales(), rule("monthly_bonus"), grade="S", base=D("0.0125")).amount == D("0.02")
    assert pay(sales(), rule("monthly_bonus"), grade="B", base=D("1.00625")).amount == D("0.81")


@pytest.mark.parametrize(
    ("level", "amount"), [("normal", "8000"), ("raised", "12000"), ("reduced", "4000"), ("suspended", "0")]
)
def test_commission_is_paid_at_its_level(level: str, amount: str) -> None:
    assert commission(sales(), levels(), level=level, sales=D(800000)).amount == D(amount)


def test_what_is_paid_explains_itself_and_says_what_is_assumed() -> None:
    reduced = commission(sales(), levels(), level="reduced", sales=D(800000)).tree
    monthly = pay(sales(), rule("monthly_bonus"), grade="S", base=D(3000)).tree

    assert (reduced.assumed, monthly.assumed) == (True, False)
    assert reduced.sentence == ("应付 4,000 元。", "4,000 CNY are due.")
    for node, amount in ((reduced, D(4000)), (monthly, D(3600))):
        ((what, text),) = node.formulas
        assert what == "value"
        assert Formula(node.to_json(), {}, {}).work(ast.parse(text, mode="eval").body) == node.value == amount


def test_without_a_salary_or_a_multiplier_there_is_no_amount() -> None:
    with pytest.raises(NumberMissingError):
        pay(sales(), rule("annual_bonus"), grade="S", base=D(20000))

    scheme = load_scheme(SALES.replace("times: {S: 1.2,", "times: {S: {missing: true},"), file="x")
    bonus = scheme.outcomes["monthly_bonus"]
    assert isinstance(bonus, Pay)
    with pytest.raises(NumberMissingError):
        pay(scheme, bonus, grade="S", base=D(3000))
