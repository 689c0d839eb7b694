"""Every page of cycles and of the procedure's acts: who gets it, what it does, what it costs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal.cycles.models import Appraisal, AppraisalCycle, Track
from appraisal.cycles.states import CycleState, Step
from appraisal.people.models import User
from appraisal.procedure.models import BulkRun, Correction
from tests.cast import Cast, Member
from tests.factories.cycles import launch, launch_one, make_cycle, scheme_version, walk_to
from workflow.models import Fact

Page = Callable[..., Any]


@pytest.fixture
def page(client: Client) -> Page:
    def get(user: User, name: str, *args: Any, data: dict[str, Any] | None = None, **query: Any) -> Any:
        client.force_login(user)
        url = reverse(name, args=args)
        return client.post(url, data) if data is not None else client.get(url, query)

    return get


def queries_of(client: Client, user: User, name: str, *args: Any) -> int:
    client.force_login(user)
    url = reverse(name, args=args)
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.fixture
def drafted(cast: Cast) -> Track:
    return make_cycle(cast, cast.employee, *cast.colleagues).tracks.get()


DRAFT_PAGES = (
    "cycle_setup",
    "track_add",
    "cycle_people",
    "cycle_check",
    "cycle_timeline",
    "cycle_launch",
    "cycle_cancel",
)


@pytest.mark.parametrize("name", DRAFT_PAGES)
def test_the_pages_of_a_draft_are_for_hr(cast: Cast, drafted: Track, page: Page, name: str) -> None:
    url = (f"cycles:{name}", drafted.cycle_id)
    assert page(cast.hr.user, *url).status_code in {200, 302}
    for member in (cast.manager, cast.employee, cast.hr_partner, cast.auditor, cast.sysadmin):
        assert page(member.user, *url).status_code == 404
    assert page(cast.hr.user, f"cycles:{name}", 10**9).status_code == 404


@pytest.mark.parametrize("name", ["track_edit", "track_people"])
def test_the_pages_of_a_track_are_for_hr(cast: Cast, drafted: Track, page: Page, name: str) -> None:
    assert page(cast.hr.user, f"cycles:{name}", drafted.pk).status_code == 200
    for member in (cast.manager, cast.auditor):
        assert page(member.user, f"cycles:{name}", drafted.pk).status_code == 404


def test_a_cycle_is_made_from_an_empty_page_to_a_launch(cast: Cast, page: Page) -> None:
    hr = cast.hr.user
    version = scheme_version()
    about = {
        "name": "2026年第一季度", "name_en": "Q1 2026", "period_kind": "quarter", "starts_on": "2026-01-01",
        "ends_on": "2026-03-31", "calendar": cast.entity.calendar_id,
    }  # fmt: skip
    assert page(hr, "cycles:cycle_new", data={**about, "ends_on": "2025-12-31"}).status_code == 200
    page(hr, "cycles:cycle_new", data=about)
    cycle = AppraisalCycle.objects.get()
    page(hr, "cycles:track_add", cycle.pk, data={"name": "销售专员", "scheme_version": version.pk})
    track = cycle.tracks.get()
    page(hr, "cycles:track_edit", track.pk, data=steps_typed(track, calibrating_on="on", calibrating_days="5"))
    track.refresh_from_db()
    assert track.steps == {"calibrating": {"on": True, "days": 5}}
    people = {"units": [cast.east.pk], "exclude": "1003 经理另行考核", "include": "", "save": "1"}
    page(hr, "cycles:track_people", track.pk, data=people)
    track.refresh_from_db()
    assert track.population == {
        "units": [cast.east.pk], "exclude": [{"person": cast.manager.person.pk, "reason": "经理另行考核"}],
    }  # fmt: skip
    answer = page(hr, "cycles:cycle_launch", cycle.pk, data={"version": cycle_version(cycle), "key": "k" * 32})
    run = BulkRun.objects.get()
    assert answer.url == reverse("cycles:run_detail", args=[run.pk])
    assert (run.total, run.done) == (4, 4)
    assert Appraisal.objects.filter(cycle=cycle).count() == 4
    assert page(hr, "cycles:run_detail", run.pk).status_code == 200
    assert page(hr, "cycles:cycle_detail", cycle.pk).status_code == 200


def cycle_version(cycle: AppraisalCycle) -> int:
    cycle.refresh_from_db()
    return cycle.version


def steps_typed(track: Track, **changes: str) -> dict[str, Any]:
    """The form as the browser sends it back unchanged, with changes."""
    from appraisal.procedure.forms import StepsForm

    form = StepsForm(track=track)
    sent = {name: field.initial for name, field in form.fields.items() if field.initial not in {None, False}}
    return {"name": track.name, "scheme_version": track.scheme_version_id, **sent, **changes}


def test_an_unchanged_form_of_steps_changes_nothing(cast: Cast, drafted: Track, page: Page) -> None:
    page(cast.hr.user, "cycles:track_edit", drafted.pk, data=steps_typed(drafted))
    drafted.refresh_from_db()
    assert drafted.steps == {}


def test_wrong_numbers_in_the_population_are_named(cast: Cast, drafted: Track, page: Page) -> None:
    typed = {"include": "1004, 9999", "exclude": "1005", "save": "1"}
    answer = page(cast.hr.user, "cycles:track_people", drafted.pk, data=typed)
    text = answer.content.decode()
    assert "9999" in text
    assert answer.context["form"].errors.keys() == {"include", "exclude"}


def test_only_looking_saves_nothing(cast: Cast, drafted: Track, page: Page) -> None:
    before = drafted.population
    answer = page(cast.hr.user, "cycles:track_people", drafted.pk, data={"units": [cast.sales.pk], "look": "1"})
    drafted.refresh_from_db()
    assert (answer.context["total"], drafted.population) == (7, before)


def test_errors_of_the_data_check_stop_the_launch(cast: Cast, page: Page) -> None:
    cycle = make_cycle(cast, cast.outsider)
    assert page(cast.hr.user, "cycles:cycle_check", cycle.pk).context["stopped"]
    answer = page(cast.hr.user, "cycles:cycle_launch", cycle.pk, data={"key": "k"})
    cycle.refresh_from_db()
    assert (answer.status_code, cycle.state) == (422, CycleState.DRAFT)


READERS = {
    "hr": 200,
    "auditor": 200,
    "hr_partner": 200,
    "manager": 404,
    "employee": 404,
    "sysadmin": 404,
    "outsider": 404,
}


@pytest.mark.parametrize("name", ["cycle_detail", "cycle_messages"])
def test_a_running_cycle_is_read_by_hr_auditors_and_partners(cast: Cast, page: Page, name: str) -> None:
    cycle = launch_one(cast).cycle
    found = {part: page(cast.members[part].user, f"cycles:{name}", cycle.pk).status_code for part in READERS}
    assert found == READERS
    assert page(cast.manager.user, "cycles:cycle_list").status_code == 404


def test_a_partner_sees_only_the_people_of_the_partnered_units(cast: Cast, page: Page) -> None:
    cycle = launch(cast, cast.employee, cast.hr_two)[0].cycle
    seen = page(cast.hr_partner.user, "cycles:cycle_detail", cycle.pk).context
    assert [line.appraisal.employee for line in seen["lines"]] == [cast.employee.person]
    assert seen["funnel"].total == 1
    assert page(cast.hr.user, "cycles:cycle_detail", cycle.pk).context["funnel"].total == 2


def test_filters_stand_in_the_address(cast: Cast, page: Page) -> None:
    first, _second = launch(cast, cast.employee, cast.hr_two)
    walk_to(first, Step.SCORING, cast)
    asked = [
        ({"step": "scoring"}, 1),
        ({"unit": cast.staff.pk}, 1),
        ({"late": 1}, 1),
        ({"q": "1004"}, 1),
        ({"step": "nonsense"}, 2),
    ]
    for query, count in asked:
        context = page(cast.hr.user, "cycles:cycle_detail", first.cycle_id, **query).context
        assert (len(context["lines"]), context["funnel"].shown) == (count, count), query


@pytest.mark.parametrize(
    ("name", "people"), [("cycle_list", False), ("cycle_detail", True), ("cycle_messages", True), ("cycle_close", True)]
)
def test_lists_cost_the_same_for_one_and_three(cast: Cast, client: Client, name: str, people: bool) -> None:
    cycle = launch(cast, cast.employee)[0].cycle
    args = (cycle.pk,) if people else ()
    one = queries_of(client, cast.hr.user, f"cycles:{name}", *args)
    if people:
        cycle = launch(cast, *cast.colleagues)[0].cycle
        args = (cycle.pk,)
    else:
        make_cycle(cast)
        make_cycle(cast)
    three = queries_of(client, cast.hr.user, f"cycles:{name}", *args)
    print(name, one, three)
    assert one == three <= 12


def test_a_bulk_act_shows_who_moves_and_who_does_not_before_it_is_done(cast: Cast, page: Page) -> None:
    ready, behind = launch(cast, cast.employee, cast.colleague_one)
    walk_to(ready, Step.DECIDED, cast)
    asked = {"act": "release", "ids": [ready.pk, behind.pk]}
    preview = page(cast.hr.user, "cycles:bulk_preview", ready.cycle_id, data=asked)
    assert [row.pk for row in preview.context["going"]] == [ready.pk]
    assert [row.pk for row, _why in preview.context["staying"]] == [behind.pk]
    ready.refresh_from_db()
    assert ready.state == Step.DECIDED
    page(cast.hr.user, "cycles:bulk_confirm", ready.cycle_id, data={"act": "release", "ids": f"{ready.pk},{behind.pk}"})
    ready.refresh_from_db()
    behind.refresh_from_db()
    assert (ready.state, behind.state) == (Step.INTERVIEWING, Step.TRACKING)
    assert BulkRun.objects.get(kind="release").done == 1


def test_all_that_the_filters_leave_can_be_chosen_at_once(cast: Cast, page: Page) -> None:
    rows = launch(cast, cast.employee, *cast.colleagues)
    walk_to(rows[0], Step.SCORING, cast)
    asked = {"act": "nudge", "all": "1", "step": "scoring"}
    preview = page(cast.hr.user, "cycles:bulk_preview", rows[0].cycle_id, data=asked)
    assert preview.context["going_count"] == 1
    assert page(cast.hr.user, "cycles:bulk_preview", rows[0].cycle_id, data={"act": "nonsense"}).status_code == 404


def test_reminding_extending_and_handing_over_from_the_list(cast: Cast, page: Page) -> None:
    appraisal = launch_one(cast, Step.SCORING)
    pk, hr = appraisal.cycle_id, cast.hr.user
    page(hr, "cycles:bulk_confirm", pk, data={"act": "nudge", "ids": str(appraisal.pk)})
    page(
        hr,
        "cycles:bulk_confirm",
        pk,
        data={"act": "extend", "ids": str(appraisal.pk), "days": "2", "reason": "系统停机"},
    )
    page(
        hr,
        "cycles:bulk_confirm",
        pk,
        data={"act": "hand_over", "ids": str(appraisal.pk), "manager": "1002", "reason": "调岗"},
    )
    names = Fact.objects.filter(object_id=appraisal.pk, content_type__model="appraisal").values_list("name", flat=True)
    assert {"work.nudged", "deadline.extended", "appraisal.handed_over"} <= set(names)
    answer = page(hr, "cycles:bulk_confirm", pk, data={"act": "extend", "ids": str(appraisal.pk), "days": "99"})
    assert answer.context["form"].errors.keys() == {"days", "reason"}


ACTS = {
    "review_start": (Step.TRACKING, "hr"), "self_review_pass_over": (Step.SELF_REVIEW, "hr"),
    "appraisal_send_back": (Step.SCORING, "manager"), "result_release": (Step.DECIDED, "hr"),
    "result_recall": (Step.INTERVIEWING, "hr"), "appraisal_withdraw": (Step.SCORING, "hr"),
    "appraisal_reinstate": (Step.WITHDRAWN, "hr"),
}  # fmt: skip


@pytest.mark.parametrize("name", ACTS)
def test_an_act_has_its_page_for_who_may_do_it_and_for_nobody_else(cast: Cast, page: Page, name: str) -> None:
    step, part = ACTS[name]
    appraisal = launch_one(cast, step)
    member: Member = cast.members[part]
    url = f"procedure:{name}"
    assert page(member.user, url, appraisal.pk).status_code == 200
    for other in ("outsider", "employee", "auditor", "sysadmin", "legal"):
        assert page(cast.members[other].user, url, appraisal.pk).status_code == 404
        assert page(cast.members[other].user, url, 10**9).status_code == 404
    if "start" not in name:
        sent = {"version": appraisal.version, "key": "k" * 32, "reason": "原因"}
        assert page(member.user, url, appraisal.pk, data=sent).status_code == 302
        appraisal.refresh_from_db()
        assert appraisal.state != step


def test_a_page_drawn_from_an_older_version_is_refused_and_keeps_the_text(cast: Cast, page: Page) -> None:
    appraisal = launch_one(cast, Step.SCORING)
    sent = {"version": appraisal.version - 1, "key": "k" * 32, "reason": "请补充回款数据"}
    answer = page(cast.manager.user, "procedure:appraisal_send_back", appraisal.pk, data=sent)
    appraisal.refresh_from_db()
    assert (answer.status_code, appraisal.state) == (409, Step.SCORING)
    assert "请补充回款数据" in answer.content.decode()


def test_sending_the_same_form_twice_is_one_act(cast: Cast, page: Page) -> None:
    appraisal = launch_one(cast, Step.SCORING)
    sent = {"version": appraisal.version, "key": "k" * 32, "reason": "请补充回款数据"}
    for _time in range(2):
        assert page(cast.manager.user, "procedure:appraisal_send_back", appraisal.pk, data=sent).status_code == 302
    assert Fact.objects.filter(object_id=appraisal.pk, name="appraisal.sent_back").count() == 1


def test_a_correction_is_proposed_and_approved_on_its_page(cast: Cast, page: Page) -> None:
    appraisal = launch_one(cast, Step.CLOSED)
    url = ("procedure:result_correct", appraisal.pk)
    assert page(cast.hr.user, *url).status_code == 200
    for other in ("manager", "employee", "hr_partner", "auditor"):
        assert page(cast.members[other].user, *url).status_code == 404
    page(cast.hr.user, *url, data={"reason": "线索数据有误"})
    assert Correction.objects.get().proposed_by == cast.hr.user
    assert page(cast.hr.user, *url, data={"decision": "approve", "key": "k"}).status_code == 422
    assert page(cast.hr_two.user, *url).status_code == 200
    page(cast.hr_two.user, *url, data={"decision": "approve", "key": "k", "version": appraisal.version})
    appraisal.refresh_from_db()
    assert appraisal.state == Step.DECIDED


def test_closing_on_the_page_withdraws_what_it_listed(cast: Cast, page: Page) -> None:
    appraisal = launch_one(cast, Step.SCORING)
    seen = page(cast.hr.user, "cycles:cycle_close", appraisal.cycle_id).context["seen"]
    version = cycle_version(appraisal.cycle)
    page(
        cast.hr.user,
        "cycles:cycle_close",
        appraisal.cycle_id,
        data={"seen": seen, "reason": "停止", "version": version, "key": "c"},
    )
    appraisal.refresh_from_db()
    appraisal.cycle.refresh_from_db()
    assert (appraisal.state, appraisal.cycle.state) == (Step.WITHDRAWN, CycleState.CLOSED)


def test_a_large_launch_runs_in_the_background_and_shows_its_progress(
    cast: Cast, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appraisal.procedure.background.AT_ONCE", 0)
    started: list[int] = []
    monkeypatch.setattr(
        "appraisal.procedure.background.threading.Thread",
        lambda target, args, daemon: type("T", (), {"start": lambda self: started.append(args[0])})(),
    )
    cycle = make_cycle(cast, cast.employee)
    page(cast.hr.user, "cycles:cycle_launch", cycle.pk, data={"key": "k"})
    run = BulkRun.objects.get()
    assert (run.done, run.finished_at) == (0, None)
    part = page(cast.hr.user, "cycles:run_detail", run.pk).content.decode()
    assert "hx-get" in part
