"""A scheme with every kind of input, with results, and one without indicators or grades, and people on them."""

from __future__ import annotations

from datetime import date
from typing import Any

from appraisal.cycles.models import Appraisal
from appraisal.procedure.actions import add_track, draft_cycle, launch_cycle
from appraisal.schemes.loader import digest_of, load_scheme
from appraisal.schemes.models import Origin, SchemeVersion
from appraisal.schemes.states import VersionVerb
from tests.cast import Cast, Member
from tests.factories.cycles import LAUNCHED, loaded
from workflow.engine import begin

STEPS = """
steps:
  scoring: {holder: manager, within: 5 working days}
  decided: {holder: hr, within: 5 working days}
  appeal_window: {holder: employee, within: 5 working days}
  appealed: {holder: [hr], within: 5 working days}
"""
HEAD = """
scheme: %(key)s
title: {zh: 各类数据, en: Every kind}
source: {file: 测试.txt}
valid_from: 2020-01-01
subject: person
period_kinds: [month]
"""
EVERY_KIND = (
    HEAD % {"key": "every-kind"}
    + """
parameters:
  rate: {label: {zh: 提成比例, en: Rate}, value: 5, unit: "%"}
  base: {label: {zh: 基数, en: Base}, value: signed,
         choices: {signed: {zh: 签约, en: signed}, paid: {zh: 回款, en: paid}}}
inputs:
  role: {kind: measure, type: choice, label: {zh: 岗位, en: Post}, owner: hr,
         choices: {seller: {zh: 销售, en: Seller}, head: {zh: 主管, en: Head}}}
  trained: {kind: measure, type: flag, label: {zh: 已培训, en: Trained}, owner: hr, required: false}
  started: {kind: measure, type: date, label: {zh: 上岗日, en: Started on}, owner: hr, required: false}
  opened: {kind: measure, type: time, label: {zh: 开门时间, en: Opened at}, owner: manager, required: false}
  loyalty: {kind: survey, form: nps, label: {zh: 净推荐值, en: Net promoter score}, by: customers, scale: {points: 100}}
  manner: {kind: rating, label: {zh: 态度, en: Manner}, by: manager, scale: {points: 5, levels: [
    {level: good, points: 5, label: {zh: 优, en: Good}}, {level: fair, points: 3, label: {zh: 中, en: Fair}}]}}
  leading: {kind: rating, label: {zh: 带队, en: Leading}, by: manager, scale: {points: 100}}
  contracts:
    kind: ledger
    label: {zh: 合同, en: Contracts}
    owner: finance
    columns:
      customer: {label: {zh: 客户, en: Customer}, type: text}
      amount: {label: {zh: 金额, en: Amount}, type: money}
      signed_on: {label: {zh: 签约日, en: Signed on}, type: date, required: false}
      kind: {label: {zh: 类型, en: Kind}, type: choice, default: new,
             choices: {new: {zh: 新签, en: New}, old: {zh: 续签, en: Renewed}}}
      paid: {label: {zh: 已回款, en: Paid}, type: flag, default: false}
  reports: {kind: document, label: {zh: 报告, en: Reports}, by: employee,
            expected: {swot: {zh: SWOT报告, en: SWOT report}, plan: {zh: 计划, en: Plan}}}
indicators:
  - {indicator: loyal, label: {zh: 客户忠诚, en: Loyalty}, weight: 50, score: {survey: loyalty}}
  - group: conduct
    label: {zh: 表现, en: Conduct}
    weight: 50
    alternatives: true
    of:
      - {indicator: lead, label: {zh: 带队, en: Leading}, weight: 50, when: "role == 'head'", score: {mean: leading}}
      - {indicator: manners, label: {zh: 态度, en: Manner}, weight: 50, score: {mean: manner}}
grades: {bands: [{grade: A, label: {zh: 优, en: A}, at_least: 80}, {grade: B, label: {zh: 良, en: B}, below: 80}]}
results:
  commission: {label: {zh: 提成, en: Commission}, unit: {zh: 元, en: CNY}, money: true,
               expr: "sum(contracts, amount, base == 'signed' or paid) * rate / 100"}
  month_end: {label: {zh: 期末, en: Last day}, expr: as_of}
  pay_day: {label: {zh: 发放日, en: Pay day}, expr: "working_days_after(as_of, 1)"}
  big: {label: {zh: 大单, en: Big month}, expr: commission > 1000}
  handed: {label: {zh: 已交报告, en: Reports in}, expr: "count(reports, status == 'accepted')"}
  by_contract: {label: {zh: 逐单, en: By contract}, rows: contracts,
                columns: {share: {label: {zh: 提成额, en: Its commission}, expr: amount * rate / 100, money: true}}}
outcomes:
  commission_paid: {kind: pay, label: {zh: 发放提成, en: Commission paid}, of: commission, each: month}
  praise: {kind: proposal, label: {zh: 通报表扬, en: Praise}, when: [{of: month, holds: big and total > 50}],
           propose: praise, approved_by: [hr]}
"""
    + STEPS
)
PAPERS_ONLY = (
    HEAD % {"key": "papers-only"}
    + """
inputs:
  sales: {kind: measure, label: {zh: 销售额, en: Sales}, unit: {zh: 元, en: CNY}, owner: finance}
results:
  bonus: {label: {zh: 奖金, en: Bonus}, expr: sales * 0.02, money: true}
outcomes:
  bonus_paid: {kind: pay, label: {zh: 发放奖金, en: Bonus paid}, of: bonus, each: month}
"""
    + STEPS
)
WEIGHTS = "\nindicators:\n  - {indicator: sold, label: {zh: 销售, en: Sold}, weight: 100, score: {figure: sales}}\n"
UNGRADED = PAPERS_ONLY.replace("papers-only", "ungraded") + WEIGHTS
CALIBRATED = UNGRADED.replace("ungraded", "calibrated").replace(
    "  decided:", "  calibrating: {holder: hr, within: 5 working days}\n  decided:"
)


def published(text: str) -> SchemeVersion:
    scheme = load_scheme(text, file="test.yaml")
    version = SchemeVersion(
        key=scheme.scheme, valid_from=scheme.valid_from, title_zh=scheme.title.zh, title_en=scheme.title.en,
        document=text, digest=digest_of(text), origin=Origin.CATALOGUE, created_at=LAUNCHED,
    )  # fmt: skip
    return begin([version], VersionVerb.CATALOGUE, acting_user=None, at=LAUNCHED)[0]


def launch_on(cast: Cast, text: str, *people: Member, parameters: dict[str, Any] | None = None) -> list[Appraisal]:
    """The month of March on this scheme, launched for these people, or the employee."""
    chosen = people or (cast.employee,)
    cycle = draft_cycle(
        acting_user=cast.hr.user, at=LAUNCHED, name="三月", name_en="March", period_kind="month",
        starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 31), calendar=cast.entity.calendar,
    )  # fmt: skip
    add_track(
        acting_user=cast.hr.user, at=LAUNCHED, cycle=cycle, name="各类", scheme_version=published(text),
        population={"include": [member.person.pk for member in chosen]}, parameters=parameters,
    )  # fmt: skip
    launch_cycle(acting_user=cast.hr.user, at=LAUNCHED, cycle=cycle)
    rows = {row.employee_id: row for row in loaded().filter(cycle=cycle)}
    return [rows[member.person.pk] for member in chosen]
