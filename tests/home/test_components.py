"""The components say what they are given, exactly, and refuse what they do not know."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation

from appraisal.templatetags.ui_looks import LOOKS, TONES
from appraisal.templatetags.ui_words import due_words, figure, icon_names, initials

NOW = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)  # Wednesday 10:00 in Shanghai
FRIDAY_NIGHT = datetime(2026, 4, 3, 15, 59, 59, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def render(source: str, path: str = "/", **context: object) -> str:
    request = RequestFactory().get(path)
    return Template("{% load ui %}" + source).render(Context({"request": request, "now": NOW, **context}))


@pytest.mark.parametrize(
    "source",
    [
        "{% empty_state icon_name='inbox' title='t' %}",
        "{% empty_state icon_name='inbox' title='t' why='w' mood='sad' %}",
        "{% state_badge 'appraisal' 'nowhere' 'Nowhere' %}",
        "{% state_badge 'spaceship' 'open' 'Open' %}",
        "{% badge 'x' tone='red' icon_name='check' %}",
        "{% icon 'no-such-icon' %}",
        "{% action_button label='x' kind='dangerous' %}",
        "{% action_button label='x' url='/' %}",
        "{% empty_state icon_name='inbox' title='t' why='w' next_label='Go' %}",
        "{% stepper steps now=now label='Steps' %}",
        "{% field 'not a field' %}",
        "{% file_drop anchor='a' name='f' label='l' accept='.pdf' max_bytes=1 camera=True %}",
    ],
)
def test_a_component_with_a_wrong_prop_fails_loudly(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        render(source, steps=[{"name": "x", "status": "perhaps"}])


def test_every_look_has_a_known_tone_and_an_icon_of_the_sprite() -> None:
    looks = [look for states in LOOKS.values() for look in states.values()]
    assert {look.tone for look in looks} <= TONES - {"late"}
    assert {look.icon for look in looks} <= icon_names()


def test_every_state_of_every_machine_has_a_look() -> None:
    from appraisal.appeals.states import AppealState
    from appraisal.assessments.states import RequestState
    from appraisal.calibration.states import SessionState
    from appraisal.cycles.states import CycleState, Step
    from appraisal.improvement.states import PlanState
    from appraisal.interviews.states import Answer, InterviewState
    from appraisal.outcomes.states import OutcomeState
    from appraisal.records.states import IncidentState

    states = {
        "appraisal": Step, "cycle": CycleState, "rating": RequestState, "calibration": SessionState,
        "interview": InterviewState, "answer": Answer, "appeal": AppealState, "improvement": PlanState,
        "outcome": OutcomeState, "incident": IncidentState,
    }  # fmt: skip
    for machine, choices in states.items():
        assert set(LOOKS[machine]) == set(choices.values), machine


@pytest.mark.parametrize(
    ("left", "over", "working", "english", "chinese"),
    [
        (2, False, True, "2 working days left", "还剩 2 个工作日"),
        (1, False, True, "1 working day left", "还剩 1 个工作日"),
        (0, False, True, "Due today", "今日到期"),
        (-1, True, True, "Overdue by 1 working day", "已逾期 1 个工作日"),
        (0, True, True, "Overdue", "已逾期"),
        (5, False, False, "5 days left", "还剩 5 天"),
        (-3, True, False, "Overdue by 3 days", "已逾期 3 天"),
    ],
)
def test_a_deadline_is_said_in_words(left: int, over: bool, working: bool, english: str, chinese: str) -> None:
    assert due_words(left=left, over=over, working=working) == english
    with translation.override("zh-hans"):
        assert due_words(left=left, over=over, working=working) == chinese


def test_a_deadline_shows_its_day_with_weekday_in_the_readers_language() -> None:
    assert "Fri 3 Apr<" in render("{% due at now=now days_left=2 %}", at=FRIDAY_NIGHT)
    with translation.override("zh-hans"):
        assert "4月3日 星期五<" in render("{% due at now=now days_left=2 %}", at=FRIDAY_NIGHT)


def test_a_deadline_of_another_year_says_the_year() -> None:
    new_year = datetime(2027, 1, 4, 15, 59, tzinfo=UTC)
    assert "Mon 4 Jan 2027<" in render("{% due at now=now days_left=190 %}", at=new_year)


def test_only_what_is_overdue_and_not_done_is_red() -> None:
    past = datetime(2026, 3, 30, tzinfo=UTC)
    assert "due-late" in render("{% due at now=now days_left=-2 %}", at=past)
    assert "due-late" not in render("{% due at now=now days_left=-2 done_at=at %}", at=past)
    assert "due-warn" in render("{% due at now=now days_left=1 %}", at=FRIDAY_NIGHT)
    assert "due-plain" in render("{% due at now=now days_left=2 %}", at=FRIDAY_NIGHT)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("91.2500", "91.25"), ("78", "78"), ("100.0", "100"), ("1234567.50", "1,234,567.5"), ("-3", "\u22123"),
        (None, "—"), ("0", "0"), ("0.00", "0"), ("1E+2", "100"), ("A", "A"),
    ],
)  # fmt: skip
def test_a_number_loses_needless_zeros_and_nothing_else(value: str | None, shown: str) -> None:
    assert figure(value) == shown


def test_initials_are_the_given_name_in_chinese_and_first_letters_elsewhere() -> None:
    assert [initials(name) for name in ("李娜", "欧阳振华", "Maria Hernández", "Li Na")] == ["李娜", "振华", "MH", "LN"]


def test_a_disabled_button_says_why_and_stays_reachable() -> None:
    html = render("{% action_button label='Release' url='/x/' method='post' disabled_reason='3 are missing.' %}")
    assert 'aria-disabled="true"' in html
    assert " disabled" not in html
    why = html.split('aria-describedby="')[1].split('"')[0]
    assert f'id="{why}">3 are missing.</span>' in html
    assert "/x/" not in html


def test_an_act_carries_the_version_and_a_key_of_its_own() -> None:
    html = render("{% action_button label='Go' url='/x/' method='post' version=7 %}{% act_fields 7 %}")
    keys = [part.split('"')[0] for part in html.split('name="key" value="')[1:]]
    assert html.count('name="version" value="7"') == 2
    assert len(set(keys)) == 2
    assert html.count("csrfmiddlewaretoken") == 2


def test_a_sorted_column_turns_and_keeps_the_filters_of_the_address() -> None:
    header = "{% sort_header 'due' 'Due' %}"
    assert 'href="?unit=4&amp;sort=due"' in render(header, "/?unit=4&page=3")
    assert 'href="?unit=4&amp;sort=-due"' in render(header, "/?unit=4&sort=due")
    assert 'aria-sort="ascending"' in render(header, "/?unit=4&sort=due")
    assert 'aria-sort="descending"' in render(header, "/?sort=-due")


def test_pages_keep_the_filters_of_the_address() -> None:
    page = Paginator(range(50), 20).page(2)
    html = render("{% pagination page %}", "/?unit=4&page=2", page=page)
    assert 'href="?unit=4&amp;page=1" rel="prev"' in html
    assert 'href="?unit=4&amp;page=3" rel="next"' in html
    assert "21 to 40 of 50" in html


def test_the_shares_of_a_bar_fill_it_exactly() -> None:
    html = render("{% share_bar parts label='People' %}", parts=[("a", 1, "done"), ("b", 1, "here"), ("c", 2, "wait")])
    assert [part.split('"')[0] for part in html.split(' x="')[1:]] == ["0.000", "25.000", "50.000"]
    assert [part.split('"')[0] for part in html.split(' width="')[1:]] == ["25.000", "25.000", "50.000"]


def test_text_from_people_is_escaped_wherever_it_stands() -> None:
    evil = "<script>alert(1)</script>"
    html = render(
        "{% person_chip evil detail=evil %}{% badge evil tone='wait' icon_name='check' %}"
        "{% stat label=evil value=evil %}{% data_table label=evil %}{{ evil }}{% enddata_table %}"
        "{% reason_dialog anchor='d' title=evil effect=evil action='/' submit_label=evil %}"
        "{{ evil }}{% endreason_dialog %}"
        "{% chart anchor='c' title=evil option=option %}{{ evil }}{% endchart %}",
        evil=evil,
        option={"title": evil},
    )
    assert "<script>alert" not in html


def test_an_explanation_reads_in_both_languages_with_its_assumptions() -> None:
    from appraisal.home.gallery import EXPLANATION

    html = render("{% explanation node %}", node=EXPLANATION)
    assert "460,000 CNY is 92 % of the target of 500,000 CNY: 92 points." in html
    assert "assumed" in html
    with translation.override("zh-hans"):
        html = render("{% explanation node %}", node=EXPLANATION)
    assert "实际 460,000 元，为目标 500,000 元的 92%，得 92 分。" in html
    assert html.count("<details") == 5
