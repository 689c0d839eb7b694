"""The figures of the demo's specialists, from how well each does."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from appraisal.demo.plays import Talent
from appraisal.demo.staffing import Staff
from appraisal.people.models import Person
from appraisal.records.actions import confirm_incident, enter_figure, report_incident
from appraisal.records.figures import Values
from appraisal.records.periods import Period

SALES_TARGET = Decimal(1_000_000)
RECEIVABLE = Decimal(500_000)
LEADS = Decimal(120)


def enter_figures(person: Person, talent: Talent, period: Period, staff: Staff, *, at: datetime) -> None:
    reached = talent.reached
    sales = SALES_TARGET * reached / 100
    new = (sales * Decimal("0.4")).quantize(Decimal(1))
    # 24 of 120 leads are the target of 20 per cent.
    rows: dict[str, tuple[str, Values]] = {
        "sales": ("4007", Values(sales, SALES_TARGET, {"new": new, "repurchase": sales - new})),
        "new_customers": ("4007", Values((reached / 10).quantize(Decimal(1)), Decimal(10))),
        "leads": ("4007", Values(LEADS)),
        "signed_customers": ("4007", Values((reached * 24 / 100).quantize(Decimal(1)))),
        "receivable_due": ("4005", Values(RECEIVABLE)),
        "collected": ("4005", Values(RECEIVABLE * min(reached, Decimal(100)) / 100)),
        "satisfaction": ("4007", Values(Decimal(talent.points), answers=36)),
    }
    for key, (owner, values) in rows.items():
        enter_figure(acting_user=staff.user(owner), at=at, person=person, period=period, input_key=key, values=values)


def late_quotation(person: Person, staff: Staff, *, at: datetime) -> None:
    """A medium incident, reported by finance and confirmed by legal."""
    incident = report_incident(
        acting_user=staff.user("4005"), at=at, person=person, input_key="audit", severity="medium", kind="合同漏洞",
        happened_on=at.date(), description="合同缺少交付验收条款，经提醒后补签。",
    )  # fmt: skip
    confirm_incident(acting_user=staff.user("4004"), at=at, incident=incident, note="核对合同原件属实。")
