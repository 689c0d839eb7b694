"""How many appraisals are scored in a second on one core, with explanation: python -m tests.bench.bench_scoring

Beside it the same ten indicators by hand-written decimals without any explanation, for the ratio.
"""

import sys
from collections.abc import Callable
from decimal import Decimal
from time import process_time

from appraisal.schemes.loader import load_scheme
from appraisal.schemes.spec import Scheme
from appraisal.scoring.engine import score
from appraisal.scoring.inputs import Given, Incidents, Measure, Ratings
from tests.schemes.documents import SALES
from tests.scoring.figures import D, incidents, measure, quarter, ratings

APPRAISALS = 10_000
BUDGET = 2_000

TWO_MORE = """\
      - indicator: visits_made
        label: {zh: 拜訪量, en: Visits}
        weight: 5
        score: {attainment: new_customers, cap: 120}
      - indicator: reports
        label: {zh: 報告, en: Reports}
        weight: 5
        score: {mean: learning}
grades:
"""


def ten_indicators() -> Scheme:
    """The sales specialist with two more indicators, their weight taken from the last one."""
    text = SALES
    for name in ("teamwork", "learning"):
        score_line = f"        score: {{mean: {name}}}"
        text = text.replace(f"weight: {{assumed: 10}}\n{score_line}", f"weight: 5\n{score_line}")
    return load_scheme(text.replace("\ngrades:\n", "\n" + TWO_MORE), file="bench.yaml")


def figures(number: int) -> dict[str, Given]:
    return quarter(
        sales=measure(str(900_000 + number * 37), "1000000", new=str(500_000 + number), repurchase=str(400_000)),
        learning=ratings(str(60 + number % 40)),
        audit=incidents(*(["minor"] if number % 5 == 0 else [])),
    )


Row = tuple[Decimal, ...]


def row(given: dict[str, Given]) -> Row:
    """The bare numbers of the same figures."""
    names = ("sales", "new_customers", "collected", "receivable_due", "signed_customers", "leads")
    measures = [given[name] for name in names]
    numbers = [one.actual for one in measures if isinstance(one, Measure)]
    goals = [one.target for one in measures[:2] if isinstance(one, Measure) and one.target is not None]
    learning, audit = given["learning"], given["audit"]
    assert isinstance(learning, Ratings)
    assert isinstance(audit, Incidents)
    return (*numbers, *goals, learning.points[0], D(5 * len(audit.items)))


def by_hand(numbers: Row) -> Decimal:
    sales, new, collected, due, signed, leads, sales_goal, new_goal, learning, off = numbers
    hundred, cap = D(100), D(120)
    new_points = min(new * hundred / new_goal, cap)
    points = (
        D(15) * min(sales * hundred / sales_goal, cap)
        + D(15) * new_points
        + D(15) * min(collected * hundred / due, cap)
        + D(15) * min(signed * hundred / leads * hundred / D(20), cap)
        + D(10) * D(88)
        + D(10) * max(hundred - off, D(0))
        + D(5) * ((D(80) + D(85) + D(90)) / D(3))
        + D(5) * learning
        + D(5) * new_points
        + D(5) * learning
    )
    return points / hundred


def seconds(work: Callable[[], object]) -> float:
    started = process_time()
    work()
    return process_time() - started


def main() -> int:
    scheme = ten_indicators()
    assert len(scheme.all_indicators) == 10
    people = [figures(number) for number in range(APPRAISALS)]
    rows = [row(given) for given in people]
    totals = [score(scheme, given, period_kind="quarter").total for given in people]

    def score_all() -> None:
        for given in people:
            score(scheme, given, period_kind="quarter")

    def score_and_write_all() -> None:
        for given in people:
            score(scheme, given, period_kind="quarter").to_json()

    scoring, stored = seconds(score_all), seconds(score_and_write_all)
    hand = seconds(lambda: [by_hand(numbers) for numbers in rows])
    assert totals == [by_hand(numbers) for numbers in rows]
    print(f"scored with explanation        {APPRAISALS / scoring:10,.0f} a second")
    print(f"and the explanation as JSON    {APPRAISALS / stored:10,.0f} a second (budget {BUDGET:,})")
    print(f"by hand, without explanation   {APPRAISALS / hand:10,.0f} a second")
    print(f"the explanation costs {scoring / hand:.1f} times the bare arithmetic, {stored / hand:.1f} times as JSON")
    return 0 if APPRAISALS / scoring >= BUDGET else 1


if __name__ == "__main__":
    sys.exit(main())
