"""A scheme document with formulas, tables, results and every kind of input, to break."""

from appraisal.schemes.loader import load_scheme
from appraisal.schemes.spec import Scheme

LARGE = """\
scheme: large
title: {zh: 大方案, en: Large}
source: {file: large.txt}
valid_from: 2026-01-01
subject: person
period_kinds: [month]
parameters:
  step_size: {label: {zh: 每档, en: Step}, value: 5}
  partial:
    label: {zh: 不足一档, en: Part of a step}
    assumed: whole
    choices: {whole: {zh: 不计, en: Left out}, up: {zh: 计一档, en: Counted}}
  department_rate: {label: {zh: 部门比例, en: Department}, value: 0.1}
  director_rate: {label: {zh: 总监比例, en: Director}, value: 0.04}
  manager_rate: {label: {zh: 经理比例, en: Manager}, value: 0.03}
variants:
  strict: {label: {zh: 从严, en: Strict}, sets: {partial: up, step_size: 2}}
tables:
  bonus:
    label: {zh: 奖金, en: Bonus}
    rows:
      - {below: 60, gives: 0}
      - {at_least: 60, below: 90, gives: 500}
      - {at_least: 90, gives: 1000}
  factor:
    label: {zh: 系数, en: Factor}
    rows: [{equals: director, gives: 1.5}, {equals: manager, gives: 1}]
inputs:
  sales:
    kind: measure
    label: {zh: 销售, en: Sales}
    owner: finance
    target: required
    split: [{key: new, label: {zh: 新, en: New}}]
  plain: {kind: measure, label: {zh: 次数, en: Times}, owner: finance}
  role:
    kind: measure
    type: choice
    label: {zh: 岗位, en: Post}
    owner: hr
    choices: {director: {zh: 总监, en: Director}, manager: {zh: 经理, en: Manager}}
  manner: {kind: rating, label: {zh: 评价, en: Rating}, by: manager, scale: {points: 10}}
  work:
    kind: ledger
    label: {zh: 工作, en: Work}
    owner: manager
    columns:
      title: {label: {zh: 事项, en: Item}, type: text}
      value: {label: {zh: 分值, en: Value}, type: number}
      status:
        label: {zh: 状态, en: Status}
        type: choice
        choices: {done: {zh: 完成, en: Done}, late: {zh: 逾期, en: Late}}
indicators:
  - {indicator: reach, label: {zh: 达成, en: Reach}, weight: 40, score: {attainment: sales, cap: 100}}
  - indicator: stairs
    label: {zh: 档, en: Steps}
    weight: 20
    score: {step: plain, target: 10, per: {parameter: step_size}, minus: 1, partial: {parameter: partial}}
  - indicator: tasks
    label: {zh: 任务, en: Tasks}
    weight: 20
    score: {items: work, status: status, value: value, off: {late: 50}}
  - {indicator: bearing, label: {zh: 态度, en: Bearing}, weight: 20, score: {expr: "manner * 10", cap: 100}}
grades:
  bands:
    - {grade: good, label: {zh: 好, en: Good}, at_least: 80}
    - {grade: poor, label: {zh: 差, en: Poor}, below: 80}
results:
  paid: {label: {zh: 奖金, en: Bonus}, expr: "lookup(bonus, total) * lookup(factor, role)", money: true}
  lines: {label: {zh: 明细, en: Lines}, rows: work, columns: {half: {label: {zh: 半, en: Half}, expr: value / 2}}}
  halves: {label: {zh: 合计, en: Sum}, expr: "sum(lines, half, status == 'late')"}
checks:
  - {label: {zh: 部门合计, en: Department}, that: director_rate + 2 * manager_rate == department_rate}
outcomes:
  bonus_paid: {kind: pay, label: {zh: 发放, en: Paid}, of: paid, each: month}
steps:
  scoring: {holder: manager, within: 5 working days}
  decided: {holder: hr, within: 2 working days}
  appeal_window: {holder: employee, within: 3 working days, on_expiry: close_window, rights: true}
  appealed: {holder: hr, within: 5 working days}
"""


def large_text(*changes: tuple[str, str]) -> str:
    text = LARGE
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


def large(*changes: tuple[str, str]) -> Scheme:
    return load_scheme(large_text(*changes), file="large.yaml")
