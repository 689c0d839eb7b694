"""Scheme documents for tests: the one of the catalogue, and a small one to break."""

from appraisal.schemes.catalogue_files import CATALOGUE
from appraisal.schemes.loader import load_scheme, parsed
from appraisal.schemes.spec import Scheme

SALES_FILE = CATALOGUE / "sales-specialist" / "2026-01-01.yaml"
SALES = SALES_FILE.read_text(encoding="utf-8")

SMALL = """\
scheme: small
title: {zh: 小方案, en: Small}
source: {file: small.txt}
valid_from: 2026-01-01
subject: person
period_kinds: [quarter]
parameters:
  cap: {label: {zh: 封顶, en: Cap}, value: 120}
inputs:
  sales: {kind: measure, label: {zh: 销售, en: Sales}, unit: CNY, owner: finance, target: required}
  rating: {kind: rating, label: {zh: 评价, en: Rating}, by: manager, scale: {points: 10}}
  audit:
    kind: incident
    label: {zh: 违规, en: Violations}
    confirmed_by: legal
    severities: {minor: {label: {zh: 轻微, en: Minor}}}
indicators:
  - indicator: attainment
    label: {zh: 达成, en: Attainment}
    weight: 50
    score: {attainment: sales, cap: {parameter: cap}}
  - group: people
    label: {zh: 人, en: People}
    weight: 50
    of:
      - {indicator: manner, label: {zh: 态度, en: Manner}, weight: 30, score: {mean: rating}}
      - indicator: compliance
        label: {zh: 合规, en: Compliance}
        weight: 20
        score: {deductions: audit, each: {minor: 5}}
grades:
  bands:
    - {grade: good, label: {zh: 好, en: Good}, at_least: 80}
    - {grade: poor, label: {zh: 差, en: Poor}, below: 80}
steps:
  scoring: {holder: manager, within: 5 working days}
  decided: {holder: hr, within: 2 calendar days}
  appeal_window: {holder: employee, within: 3 working days, on_expiry: close_window, rights: true}
  appealed: {holder: [hr, manager], within: 5 working days, sign: all}
  improving: off
"""


def sales() -> Scheme:
    return parsed(SALES, "sales-specialist/2026-01-01.yaml")


def small(*changes: tuple[str, str]) -> Scheme:
    """The small scheme with passages replaced."""
    return load_scheme(small_text(*changes), file="small.yaml")


def small_text(*changes: tuple[str, str]) -> str:
    text = SMALL
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text
