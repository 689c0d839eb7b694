"""A draft on the inputs of others: who would change grade, and why."""

from decimal import Decimal

import pytest

from appraisal.schemes.library import newest
from appraisal.schemes.variants import runnable
from appraisal.scoring.populations import made_up
from appraisal.scoring.sensitivity import sensitivities
from appraisal.scoring.simulation import Version, compared, outlook, sampled
from tests.schemes.documents import sales, small

SALES = sales()
PEOPLE = made_up(SALES, 60, seed=7)


def version(**settings: str) -> Version:
    return Version(SALES, "quarter", {key: Decimal(value) for key, value in settings.items()})


def test_the_same_seed_makes_the_same_people() -> None:
    assert made_up(SALES, 5, seed=3) == made_up(SALES, 5, seed=3)
    assert made_up(SALES, 5, seed=3) != made_up(SALES, 5, seed=4)


def test_an_outlook_counts_everybody_once() -> None:
    found = outlook(version(), PEOPLE)

    assert found.count == 60
    assert found.incomplete + len(found.totals) == 60
    assert sum(found.grades.values()) == len(found.totals)
    assert found.mean is not None
    assert min(found.totals) <= found.mean <= max(found.totals)


def test_the_same_version_twice_changes_nobody() -> None:
    assert compared(version(), version(), PEOPLE).changes == []


def test_a_higher_line_lowers_exactly_those_between_the_lines() -> None:
    found = compared(version(), version(grade_a="90"), PEOPLE)
    between = {who for who, inputs in PEOPLE.items() if 85 <= (version().score(inputs).total or 0) < 90}

    assert between
    assert {change.who for change in found.changes} == between
    assert {(change.before, change.after) for change in found.changes} == {("A", "B")}
    assert all(change.because == [] for change in found.changes)


def test_a_lower_cap_is_the_reason_and_is_counted() -> None:
    found = compared(version(), version(attainment_cap="80"), PEOPLE)

    assert found.after.bounds["sales_attainment", "cap"] > found.before.bounds["sales_attainment", "cap"]
    for change in found.changes:
        assert change.because
        assert all(moved < 0 for _, moved in change.because)
        assert {key for key, _ in change.because} <= {
            "sales_attainment", "customer_development", "collection_timeliness", "lead_conversion",
        }  # fmt: skip


def test_one_more_point_of_weight_moves_the_mean_by_what_it_is_above_its_neighbours() -> None:
    population = {"0001": PEOPLE["0001"]}
    scored = version().score(PEOPLE["0001"])
    found = {one.key: one for one in sensitivities(version(), population)}
    quantitative = ("sales_attainment", "customer_development", "collection_timeliness", "lead_conversion")
    values = {key: scored.tree.find(key).value for key in quantitative}
    others = sum(value for key, value in values.items() if key != "sales_attainment") / 3

    assert set(quantitative) <= set(found)
    assert found["sales_attainment"].weight == 15
    expected = (values["sales_attainment"] - others) / 100
    assert found["sales_attainment"].mean_moves == pytest.approx(expected, abs=Decimal("1e-15"))


@pytest.mark.parametrize("key", ["presales-general", "key-account-manager", "presales-plan-quarterly"])
def test_other_schemes_can_be_simulated(key: str) -> None:
    scheme = runnable(newest(key))
    found = outlook(Version(scheme, scheme.period_kinds[0]), made_up(scheme, 10, seed=1))

    assert found.count == 10
    assert found.incomplete == 0


def test_a_group_grows_with_what_is_in_it() -> None:
    population = {"0001": PEOPLE["0001"]}
    scored = version().score(PEOPLE["0001"])
    found = {one.key: one for one in sensitivities(version(), population)}
    values = {key: scored.tree.find(key).value for key in ("quantitative", "qualitative")}  # type: ignore[union-attr]

    expected = (values["quantitative"] - values["qualitative"]) / 100
    assert found["quantitative"].mean_moves == pytest.approx(expected, abs=Decimal("1e-15"))
    assert found["qualitative"].mean_moves == pytest.approx(-expected, abs=Decimal("1e-15"))


def test_a_weight_that_the_rows_carry_cannot_be_moved() -> None:
    scheme = runnable(newest("presales-general"))
    found = {one.key: one for one in sensitivities(Version(scheme, "month"), made_up(scheme, 3, seed=1))}

    assert found["daily_block"].mean_moves is None
    assert found["ability_planning"].mean_moves == 0


def test_rows_that_are_made_up_share_out_the_weight_of_the_work() -> None:
    scheme = runnable(newest("presales-general"))
    for inputs in made_up(scheme, 10, seed=2).values():
        rows = inputs["daily_items"].rows  # type: ignore[union-attr]
        assert sum(row["points"] for row in rows) == 80
        assert len(inputs["exceptional_items"].rows) <= 4  # type: ignore[union-attr]


def test_inputs_of_another_kind_are_what_is_missing() -> None:
    found = outlook(version(), {"1": {**PEOPLE["0001"], "sales": PEOPLE["0001"]["learning"]}})

    assert found.incomplete == 1
    assert [(gap.key, gap.reason, count) for gap, count in found.gaps.items()] == [("sales", "unfit", 1)]


def test_a_total_in_no_band_is_counted_apart() -> None:
    scheme = small(("at_least: 80", "at_least: 100"))
    people = made_up(scheme, 40, seed=1)
    found = outlook(Version(scheme, "quarter"), people)
    between = [total for total in found.totals if 80 <= total < 100]

    assert between
    assert found.ungraded == len(between)
    assert sum(found.grades.values()) == 40 - len(between)


def test_a_sample_is_taken_evenly() -> None:
    people = {f"{number}": {} for number in range(1000)}

    assert list(sampled(people, 100))[:3] == ["0", "10", "20"]
    assert len(sampled(people, 100)) == 100
    assert len(sampled(people, 300)) == 250
    assert sampled(people, 1000) == people


def test_parts_that_are_made_up_lie_around_the_share_that_is_asked_for() -> None:
    for inputs in PEOPLE.values():
        signed, leads = inputs["signed_customers"].actual, inputs["leads"].actual  # type: ignore[union-attr]
        assert 8 <= signed * 100 / leads <= 28
