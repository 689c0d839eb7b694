"""When the period has ended, whoever owns its figures has one entry a cycle and role, until nothing is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from appraisal.cycles.actions import ask_for_figures, extend_figures
from appraisal.cycles.models import Appraisal, AppraisalCycle, FigureRequest
from appraisal.cycles.states import STILL_OPEN, Step
from appraisal.cycles.wanted import Missing, missing_by_role
from appraisal.home.queries import rows, to_do
from appraisal.people.models import User
from appraisal.procedure.actions import withdraw
from appraisal.records.actions import enter_figure
from appraisal.records.figures import Values
from appraisal.records.imports.actions import check_figures, confirm_figures, store_figures
from appraisal.records.known import known_inputs
from appraisal.records.ledgers import Entered, ledger_of, lock_ledger, save_rows, unlock_ledger
from appraisal.records.models import Actual, Ledger
from appraisal.records.overview import Overview
from appraisal.records.periods import month_of, quarter_of
from appraisal.records.sheets import spec_in
from appraisal.schemes.spec import Ledger as LedgerSpec
from notifications.models import OutboxMessage
from notifications.rendering import render_mail, title_of
from tests.cast import Cast, Member
from tests.counting import counted_queries
from tests.factories.cycles import ZONE, at, launch, launch_one, walk_to
from tests.factories.kinds import EVERY_KIND, launch_on
from workflow import deadlines
from workflow.errors import GuardRefused, NotAllowed
from workflow.models import Fact, WorkItem
from workflow.verification import verify_all

pytestmark = pytest.mark.django_db
Q1, MARCH = quarter_of(date(2026, 1, 1)), month_of(date(2026, 3, 1))
FIRST_NIGHT = at(4, 1, 0, 10)
# S003-01 in a quarter: what the data owner gives, and what finance gives.
OF_DATA = ("sales", "new_customers", "leads", "signed_customers", "satisfaction")
OF_FINANCE = ("receivable_due", "collected")
WITH_TARGET = {"sales": {"new": Decimal(60), "repurchase": Decimal(40)}, "new_customers": {}}


def inbox(member: Member, moment: datetime = FIRST_NIGHT) -> list[tuple[str, str, str, str]]:
    """What, how much, of which cycle, and where it leads."""
    user = User.objects.get(pk=member.user.pk)
    wanted = to_do(user).filter(content_type__model="figurerequest")
    return [(row.what, row.whom, row.about, row.url) for row in rows(wanted, user, at=moment)]


def entry(missing: int, where: str = "/records/?period=2026Q1&gaps=1") -> tuple[str, str, str, str]:
    return ("业绩数据", f"缺 {missing} 项", "2026年第一季度", where)


def give(cast: Cast, giver: Member, about: Member, *keys: str, moment: datetime | None = None) -> None:
    for key in keys:
        split = WITH_TARGET.get(key)
        answers = 25 if key == "satisfaction" else None
        values = Values(actual=Decimal(80), answers=answers) if split is None else Values(
            actual=Decimal(100), target=Decimal(120), split=split or {}
        )  # fmt: skip
        enter_figure(
            acting_user=giver.user, at=moment or at(4, 2), person=about.person, period=Q1, input_key=key, values=values
        )


def test_the_end_of_the_period_gives_each_owning_role_one_entry_with_its_count(cast: Cast) -> None:
    launch(cast, cast.employee, cast.colleague_one)
    ask_for_figures(at=at(3, 31, 23, 59))
    assert not FigureRequest.objects.exists(), "the last day is not over"

    for _sweep in range(2):
        ask_for_figures(at=FIRST_NIGHT)

    assert inbox(cast.data_owner) == [entry(10)]
    assert inbox(cast.finance) == [entry(4)]
    others = set(cast.members) - {"data_owner", "finance"}
    assert {name for name in others if inbox(cast.members[name])} == set()
    due = set(WorkItem.objects.filter(content_type__model="figurerequest").values_list("due_at", flat=True))
    # Five working days after 31 March; the 6th is a holiday.
    assert {moment.astimezone(ZONE).date() for moment in due if moment} == {date(2026, 4, 8)}


def test_the_last_figure_typed_closes_the_entry_of_its_role_alone(cast: Cast) -> None:
    launch(cast)
    ask_for_figures(at=FIRST_NIGHT)
    give(cast, cast.data_owner, cast.employee, *OF_DATA[:-1])
    assert inbox(cast.data_owner) == [entry(1)]

    give(cast, cast.data_owner, cast.employee, OF_DATA[-1])

    assert inbox(cast.data_owner) == []
    assert inbox(cast.finance) == [entry(2)]
    assert FigureRequest.objects.get(role="data_owner").state == "settled"
    facts = Fact.objects.filter(content_type__model="figurerequest").order_by("pk").values_list("name", flat=True)
    assert list(facts) == ["figures.wanted", "figures.wanted", "figures.settled"]
    assert verify_all()[1] == []


def test_a_figure_that_still_lacks_its_target_is_missing(cast: Cast) -> None:
    launch(cast)
    ask_for_figures(at=FIRST_NIGHT)
    Actual.objects.create(
        person=cast.employee.person, period_start=Q1.starts_on, period_end=Q1.ends_on, input_key="sales",
        actual=Decimal(100), source="typed", entered_by=cast.data_owner.user, entered_at=at(4, 1),
    )  # fmt: skip
    ask_for_figures(at=at(4, 1))
    assert inbox(cast.data_owner) == [entry(5)]
    Actual.objects.update(actual=None, note="新人，无指标")
    ask_for_figures(at=at(4, 1))
    assert inbox(cast.data_owner) == [entry(4)]


def test_the_last_figures_imported_close_the_entry(cast: Cast) -> None:
    launch(cast)
    ask_for_figures(at=FIRST_NIGHT)
    table = "期间,工号,指标,实际值\n2026Q1,1004,receivable_due,100\n2026Q1,1004,collected,90\n"
    upload = store_figures(acting_user=cast.finance.user, at=at(4, 2), content=table.encode(), file_name="回款.csv")
    plan = check_figures(acting_user=cast.finance.user, at=at(4, 2), upload=upload)
    assert plan.problems == []

    confirm_figures(acting_user=cast.finance.user, at=at(4, 2), upload=upload, digest=plan.digest)

    assert inbox(cast.finance) == []
    assert inbox(cast.data_owner) == [entry(5)]


@pytest.fixture
def march(cast: Cast, time_machine: Any) -> Appraisal:
    time_machine.move_to(at(4, 1), tick=False)
    return launch_on(cast, EVERY_KIND)[0]


def contracts(cast: Cast) -> tuple[Ledger, LedgerSpec]:
    spec = spec_in(MARCH, cast.employee.person, "contracts")
    assert isinstance(spec, LedgerSpec)
    return ledger_of(cast.employee.person, MARCH, "contracts", spec), spec


@pytest.mark.usefixtures("march")
def test_a_ledger_is_missing_until_it_is_locked_and_again_when_it_is_opened(cast: Cast) -> None:
    ask_for_figures(at=FIRST_NIGHT)
    wanted = [("业绩数据", "缺 1 项", "三月", "/records/sheets/?period=2026-03")]
    assert inbox(cast.finance) == wanted
    # The post and the survey are HR's.
    assert [line[1] for line in inbox(cast.hr)] == ["缺 2 项"]

    blank, spec = contracts(cast)
    row = Entered({"customer": "甲", "amount": "1", "signed_on": None, "kind": "new", "paid": "yes"})
    ledger = save_rows(acting_user=cast.finance.user, at=at(4, 1), ledger=blank, rows=[row], edition=0)
    assert inbox(cast.finance) == wanted
    locked = lock_ledger(acting_user=cast.finance.user, at=at(4, 1), ledger=ledger, given=spec)
    assert inbox(cast.finance) == []

    unlock_ledger(acting_user=cast.finance.user, at=at(4, 9), ledger=locked, reason="漏记一笔")
    assert inbox(cast.finance) == wanted
    again = WorkItem.objects.get(content_type__model="figurerequest", pool="finance", closed_at=None)
    assert again.due_at is not None
    # Its own full time from the day on which it was opened again.
    assert again.due_at.astimezone(ZONE).date() == date(2026, 4, 16)


def test_who_left_the_cycle_or_has_been_scored_is_not_waited_for(cast: Cast) -> None:
    first, second = launch(cast, cast.employee, cast.colleague_one)
    ask_for_figures(at=FIRST_NIGHT)
    assert inbox(cast.finance) == [entry(4)]

    withdraw(acting_user=cast.hr.user, at=at(4, 1), appraisal=second, reason="长期病假")
    ask_for_figures(at=at(4, 1, 11))
    assert inbox(cast.finance) == [entry(2)]

    walk_to(first, Step.DECIDED, cast)
    ask_for_figures(at=at(4, 11))
    assert inbox(cast.finance) == inbox(cast.data_owner) == []
    assert set(FigureRequest.objects.values_list("state", "missing")) == {("settled", 0)}


def test_where_nothing_is_missing_nobody_is_told(cast: Cast, letters: Callable[..., list[tuple[str, str]]]) -> None:
    launch(cast)
    give(cast, cast.data_owner, cast.employee, *OF_DATA, moment=at(3, 30))
    ask_for_figures(at=FIRST_NIGHT)

    assert letters("figures.wanted") == [("figures.wanted", "finance")]
    assert list(FigureRequest.objects.values_list("role", "missing")) == [("finance", 2)]


def test_a_year_rolled_up_from_its_quarters_asks_nobody(cast: Cast) -> None:
    launch(cast, name="2025年度", period_kind="year", starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
    ask_for_figures(at=FIRST_NIGHT)
    assert not FigureRequest.objects.exists()


def test_a_role_that_nobody_holds_leaves_its_figures_with_hr(cast: Cast) -> None:
    launch(cast)
    cast.finance.user.groups.clear()
    ask_for_figures(at=FIRST_NIGHT)
    assert inbox(cast.hr) == inbox(cast.hr_two) == [entry(2)]


def test_the_letter_says_how_much_until_when_and_leads_to_the_gaps(
    cast: Cast, letters: Callable[..., list[tuple[str, str]]], client: Client
) -> None:
    launch(cast)
    ask_for_figures(at=FIRST_NIGHT)
    assert letters("figures.wanted") == [("figures.wanted", "data_owner"), ("figures.wanted", "finance")]
    letter = OutboxMessage.objects.select_related("recipient").get(kind="figures.wanted", recipient=cast.finance.user)
    assert title_of(letter, language="zh-hans") == "待提供业绩数据：2026年第一季度，缺 2 项"
    assert title_of(letter, language="en") == "Figures wanted: Q1 2026, 2 missing"
    letter.recipient.language = "en"
    assert "Until: April 8, 2026 Wednesday" in render_mail(letter, zone=ZONE).text

    client.force_login(cast.finance.user)
    page = client.get(letter.link)
    assert (page.status_code, page.context["missing"]) == (200, 2)


def test_reminders_fall_on_working_days_and_hr_is_told_in_the_end(
    cast: Cast, letters: Callable[..., list[tuple[str, str]]], mark: Callable[[], int]
) -> None:
    """Due on Wednesday the 8th: reminded on the 7th and the 8th, HR is told on Monday the 13th."""
    launch_one(cast)
    give(cast, cast.data_owner, cast.employee, *OF_DATA, moment=at(3, 30))
    ask_for_figures(at=FIRST_NIGHT)
    told = {}
    about_figures = ("work.reminder", "work.due_today", "work.overdue", "work.escalated", "work.escalation_told")
    WorkItem.objects.exclude(content_type__model="figurerequest").update(alarm_at=None)
    for day in range(1, 21):
        before = mark()
        deadlines.sweep(at=at(4, day, 9, 31))
        told[day] = letters(*about_figures, since=before)
    assert {day: found for day, found in told.items() if found} == {
        7: [("work.reminder", "finance")],
        8: [("work.due_today", "finance")],
        13: [("work.escalated", "hr"), ("work.escalated", "hr_two"), ("work.escalation_told", "finance")],
    }
    late = OutboxMessage.objects.filter(kind="work.escalated").first()
    assert late is not None
    assert title_of(late, language="zh-hans") == "逾期：业绩数据，缺 2 项"


def test_hr_gives_more_time_with_a_reason_and_nobody_else_does(
    cast: Cast, letters: Callable[..., list[tuple[str, str]]]
) -> None:
    launch(cast)
    ask_for_figures(at=FIRST_NIGHT)
    request = FigureRequest.objects.get(role="finance")
    more: dict[str, Any] = {"at": at(4, 2), "request": request, "days": 3}
    with pytest.raises(NotAllowed):
        extend_figures(acting_user=cast.finance.user, reason="来不及", **more)
    with pytest.raises(GuardRefused):
        extend_figures(acting_user=cast.hr.user, reason=" ", **more)

    extend_figures(acting_user=cast.hr.user, reason="系统停机", **more)

    item = WorkItem.objects.get(content_type__model="figurerequest", pool="finance")
    assert item.due_at is not None
    assert item.due_at.astimezone(ZONE).date() == date(2026, 4, 13)
    assert letters("deadline.extended") == [("deadline.extended", "finance")]


def test_counted_in_the_database_it_is_what_the_table_of_figures_shows(cast: Cast) -> None:
    own = launch(cast, cast.employee, cast.colleague_one, cast.colleague_two)[0]
    launch(cast, cast.employee, name="三月", period_kind="month", starts_on=MARCH.starts_on, ends_on=MARCH.ends_on)
    give(cast, cast.data_owner, cast.employee, "sales", "leads", moment=at(3, 30))
    give(cast, cast.finance, cast.colleague_one, *OF_FINANCE, moment=at(3, 30))
    for member, total in ((cast.data_owner, 13), (cast.finance, 4)):
        seen = Overview(User.objects.get(pk=member.user.pk), Q1, known_inputs(date(2026, 4, 1)), date(2026, 4, 1))
        assert sum(len(keys) for keys in seen.gaps.values()) == total
    assert missing_by_role(own.cycle) == {"data_owner": Missing(13), "finance": Missing(4)}
    assert own.state in STILL_OPEN


def test_asking_and_recounting_cost_the_same_for_one_and_for_three(cast: Cast) -> None:
    launch(cast, name="一")
    with counted_queries() as one:
        ask_for_figures(at=FIRST_NIGHT)
    AppraisalCycle.objects.update(state="closed")
    FigureRequest.objects.update(state="settled")
    launch(cast, cast.employee, cast.colleague_one, cast.colleague_two, name="三")
    with counted_queries() as three:
        ask_for_figures(at=FIRST_NIGHT)
    assert [line[1] for line in inbox(cast.data_owner)] == ["缺 5 项", "缺 15 项"]
    assert len(three) == len(one)

    with counted_queries() as typed:
        give(cast, cast.finance, cast.employee, "collected")
    assert len(typed) <= 22


def test_the_inbox_asks_as_much_for_one_entry_as_for_three(cast: Cast, client: Client) -> None:
    client.force_login(cast.finance.user)
    counts = []
    for names in (("一",), ("二", "三")):
        for name in names:
            launch(cast, name=name)
        ask_for_figures(at=FIRST_NIGHT)
        client.get(reverse("home:inbox"))
        with counted_queries() as queries:
            page = client.get(reverse("home:inbox"))
        counts.append((len(page.context["rows"]), len(queries)))
    assert [entries for entries, _count in counts] == [1, 3]
    assert counts[0][1] == counts[1][1] <= 12


def test_hr_sees_who_owes_what_and_gives_more_time_from_the_page(cast: Cast, client: Client, time_machine: Any) -> None:
    cycle = launch(cast)[0].cycle
    page = reverse("cycles:figure_requests", args=[cycle.pk])
    extend = reverse("cycles:figures_extend", args=[cycle.pk, "finance"])
    client.force_login(cast.hr.user)
    time_machine.move_to(at(4, 2), tick=False)
    client.get(page)
    with counted_queries() as none:
        client.get(page)
    ask_for_figures(at=FIRST_NIGHT)
    with counted_queries() as two:
        shown = client.get(page)
    assert [(line.role, line.request.missing, line.days_left) for line in shown.context["lines"]] == [
        ("数据负责人", 5, 3), ("财务", 2, 3),
    ]  # fmt: skip
    assert len(two) <= len(none) + 1 <= 12

    assert client.post(extend, {"days": 3, "reason": ""}).context["form"].errors
    assert client.post(extend, {"days": 3, "reason": "系统停机"}).status_code == 302
    assert [line.days_left for line in client.get(page).context["lines"]] == [3, 6]
    client.force_login(cast.finance.user)
    assert client.get(page).status_code == client.get(extend).status_code == 404
