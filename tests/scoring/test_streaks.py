import pytest

from appraisal.schemes.spec import Condition, GradePredicate, Streak
from appraisal.scoring.streaks import fires_at, meets

BEST_FIRST = ("S", "A", "B", "C", "D")
QUARTERS = ["B", "A", "S", "C", "C", "B", "A", "A", "A"]


def streak(**fields: object) -> Condition:
    return Condition(of="quarter", streak=Streak.model_validate({"length": 2, **fields}))


def grade(**fields: str) -> Condition:
    return Condition(of="quarter", grade=GradePredicate(**fields))


@pytest.mark.parametrize(
    ("conditions", "grades", "expected"),
    [
        ([streak(at_least="A")], QUARTERS, (3, 8)),
        ([streak(at_least="A", consume=False)], QUARTERS, (3, 8, 9)),
        ([streak(at_most="C")], QUARTERS, (5,)),
        ([streak(at_most="C")], ["A", "C", "D", "B"], (3,)),
        ([streak(at_least="A")], ["A", None, "A", "A"], (4,)),
        ([streak(at_least="A", gap="skip")], ["A", None, "A", "A"], (3,)),
        ([streak(equals="A")], ["A", "S", "A", "A"], (4,)),
        ([streak(at_least="B", length=3)], ["B", "B", "A", "B", "S", "B", "C"], (3, 6)),
        ([grade(equals="D"), streak(equals="C")], ["C", "B", "C", "C"], (4,)),
        ([grade(equals="D"), streak(equals="C")], ["B", "D"], (2,)),
        ([grade(equals="D"), streak(equals="C")], ["C", "D"], (2,)),
        ([grade(equals="D"), streak(equals="C")], ["C", "C", "C", "C"], (2, 4)),
        ([grade(at_least="B")], ["C", "B", "A"], (2, 3)),
        ([streak(at_least="A")], [], ()),
        ([], ["D", "D"], ()),
    ],
)
def test_a_row_of_periods_fires_where_it_should(
    conditions: list[Condition], grades: list[str | None], expected: tuple[int, ...]
) -> None:
    assert fires_at(conditions, grades, best_first=BEST_FIRST) == expected


@pytest.mark.parametrize(
    ("predicate", "meeting"),
    [({"equals": "B"}, "B"), ({"at_least": "B"}, "SAB"), ({"at_most": "B"}, "BCD")],
)
def test_a_predicate_meets_by_rank(predicate: dict[str, str], meeting: str) -> None:
    compared = [meets(GradePredicate(**predicate), one, best_first=BEST_FIRST) for one in BEST_FIRST]

    assert compared == [one in meeting for one in BEST_FIRST]
    assert not meets(GradePredicate(**predicate), None, best_first=BEST_FIRST)
