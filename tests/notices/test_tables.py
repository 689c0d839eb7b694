"""Every fact is told to somebody or kept silent for a reason; every kind of letter reads well in both languages."""

import re
from html import unescape
from importlib import import_module, util
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from django.utils.html import strip_tags

from appraisal.apps import ROOMS
from appraisal.people import post
from appraisal.people.models import User
from notifications import kinds
from notifications.models import OutboxMessage
from notifications.rechecks import RECHECKS
from notifications.rendering import render_mail
from workflow import facts
from workflow.machine import machine_of, machines

FOLDER = Path(settings.BASE_DIR) / "templates" / "notices"
OURS = sorted(kind.name for kind in kinds.KINDS.values() if kind.template.startswith("notices/"))
JUDGEMENT = re.compile(r"\{[{%][^}]*\b(score|grade|points|total|multiplier|rating)\b[^}]*[}%]\}")
SAMPLE = {
    "step_zh": "自评", "step_en": "Self-review", "cycle_zh": "2026年第一季度", "cycle_en": "Q1 2026",
    "whom_zh": "李娜", "whom_en": "Li Na", "actor": "王强", "reason": "缺少<附件>", "due": "2026-04-03T15:59:59.999Z",
    "until": "2026-04-10", "days": 2, "holder": "李娜", "told_zh": "人力资源部", "told_en": "HR", "told_name": "郑芳",
    "to": "陈静", "starts_at": "2026-04-15T14:00:00+08:00", "minutes": 30, "place": "301", "state": "interviewing",
}  # fmt: skip
OPEN = {"zh-hans": "请打开：", "en": "Open it here:"}
HAN = re.compile(r"[\u4e00-\u9fff]")
SAMPLE_NAMES = re.compile("王强|李娜|郑芳|陈静|刘洋|缺少|附件")
MANY = {
    "count": 12,
    "people": [{"name_zh": "李娜", "name_en": "Li Na"}, {"name_zh": "刘洋", "name_en": "Liu Yang"}],
    "more": 10,
}
VARIANTS = (
    {},
    {"own": True},
    {"named": "yes"},
    MANY,
    {"state": "appeal_window", "days": 0},
    {"told_name": "", "state": "improving"},
)


def modules():
    names = [f"appraisal.{room}.notices" for room in ROOMS]
    return [import_module(name) for name in names if util.find_spec(name) is not None]


def silent():
    return {fact: reason for module in modules() for fact, reason in module.SILENT.items()}


def test_every_fact_of_every_machine_is_told_or_silent_for_a_reason():
    in_machines = {transition.fact for machine in machines() for transition in machine.transitions}
    known = in_machines | {name for name in facts._types if not name.startswith("test.")}
    assert known - post.announced() - set(silent()) == set()


def test_silence_has_a_reason_and_is_not_broken():
    assert all(reason.strip() for reason in silent().values())
    assert set(silent()) & post.announced() == set()
    assert {fact for fact in silent() if not facts.is_registered(fact)} == set()


def test_tables_name_registered_facts_and_rechecks():
    rows = [notice for table in post._notices.values() for notices in table.values() for notice in notices]
    assert {row.fact for row in rows if not facts.is_registered(row.fact)} == set()
    assert {row.still_wanted for row in rows} - set(RECHECKS) <= {""}


def test_every_machine_with_duties_has_a_desk_with_words_for_them():
    with_duties = {machine.model for machine in machines() if machine.duties.__name__ != "no_duties"}
    assert with_duties <= {desk.model for desk in post.desks()}
    for desk in post.desks():
        assert set(desk.duties) <= set(machine_of(desk.model).states.values)


def test_templates_come_in_threes_and_none_is_left_over():
    parts = (".subject.txt", ".body.txt", ".body.html")
    wanted = {f"{kinds.get(name).template}{part}" for name in OURS for part in parts}
    found = {f"notices/{path.relative_to(FOLDER)}" for path in FOLDER.rglob("*") if path.name.endswith(parts)}
    assert found == wanted


def test_no_template_can_tell_a_judgement():
    assert [path.name for path in FOLDER.rglob("*.*") if JUDGEMENT.search(path.read_text())] == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", OURS)
def test_every_kind_says_the_same_as_text_and_as_html(name, language):
    for variant in VARIANTS:
        message = OutboxMessage(
            recipient=User(username="reader", language=language), kind=name, context=SAMPLE | variant, link="/x/"
        )

        mail = render_mail(message, zone=timezone.get_default_timezone())

        assert mail.html.count('/x/"') == mail.text.count("/x/") == 1, "one link"
        said = mail.text.split(OPEN[language])[0]
        shown = unescape(strip_tags(mail.html.split("</h1>")[1].split("<a ")[0]))
        assert squeezed(said) == squeezed(shown)
        assert len(squeezed(said)) > 15
        assert bool(HAN.search(SAMPLE_NAMES.sub("", mail.subject + mail.text))) == (language == "zh-hans")


def squeezed(text):
    return re.sub(r"[\s-]+", "", text)
