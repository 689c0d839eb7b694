"""Every component in every variant, with made-up figures: for those who build pages, and for the pictures."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.templatetags.ui_looks import LOOKS, TONES

WHO = "李娜"


class SampleForm(forms.Form):
    strengths = forms.CharField(
        label=gettext_lazy("Strengths"),
        widget=forms.Textarea,
        min_length=20,
        max_length=500,
        help_text=gettext_lazy("What went well, and where it shows."),
    )
    score = forms.DecimalField(
        label=gettext_lazy("Score"), min_value=0, max_value=100, help_text=gettext_lazy("0 to 100, two places.")
    )
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), choices=[("a", "A"), ("b", "B")], required=False)
    answer = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        choices=[("agree", gettext_lazy("I agree")), ("disagree", gettext_lazy("I disagree"))],
        widget=forms.RadioSelect,
    )
    read = forms.BooleanField(label=gettext_lazy("I have read it"))


def samples(request: HttpRequest, *, now: datetime) -> dict[str, Any]:
    page = Paginator(range(1, 240), 20).page(min(int(request.GET.get("page", "3")), 12))
    return {
        "now": now,
        "states": [
            (machine, [(state, state.replace("_", " ")) for state in looks]) for machine, looks in LOOKS.items()
        ],
        "tones": sorted(TONES),
        "soon": now + timedelta(days=5),
        "today": now + timedelta(hours=1),
        "past": now - timedelta(days=3),
        "steps": steps(now),
        "short_steps": steps(now)[2:6],
        "shares": [
            (_("Closed"), 46, "done"),
            (_("Running"), 51, "here"),
            (_("Not begun"), 18, "wait"),
            (_("Overdue"), 5, "late"),
        ],
        "tabs": [
            {"label": _("To do"), "url": "?tab=todo", "active": True, "count": 3},
            {"label": _("Waiting"), "url": "?tab=waiting", "active": False, "count": 12},
            {"label": _("Closed"), "url": "?tab=closed", "active": False},
        ],
        "rows": rows(now),
        "page": page,
        "form": SampleForm(),
        "dialog_form": SampleForm(prefix="dialog"),
        "faulty": SampleForm({"faulty-strengths": "Too short", "faulty-score": "180"}, prefix="faulty"),
        "option": grade_chart(),
        "grades": [("S", 4), ("A", 19), ("B", 63), ("C", 27), ("D", 7)],
        "node": EXPLANATION,
        "files": [{"name": "客户满意度回访-3月.pdf", "size": 482_133, "url": "#", "remove_url": "#"}],
        "bytes": 20 * 1024 * 1024,
    }


def steps(now: datetime) -> list[dict[str, Any]]:
    def ago(days: int) -> datetime:
        return now - timedelta(days=days)

    return [
        {"name": _("Target confirmation"), "status": "done", "holder": WHO, "at": ago(92)},
        {"name": _("Tracking"), "status": "done", "at": ago(9)},
        {"name": _("Self-review"), "status": "done", "holder": WHO, "at": ago(5)},
        {
            "name": _("Manager's score"), "status": "here", "holder": "王强",
            "due_at": now + timedelta(days=2), "days_left": 2,
        },
        {"name": _("Calibration"), "status": "skipped"},
        {"name": _("Feedback interview"), "status": "to_come", "holder": "王强", "due_at": now + timedelta(days=9)},
        {"name": _("Appeal window"), "status": "to_come", "due_at": now + timedelta(days=14)},
    ]  # fmt: skip


def rows(now: datetime) -> list[dict[str, Any]]:
    people = (
        ("李娜", "华东销售部", "scoring", _("Manager's score"), 2, "91.25"),
        ("欧阳振华", "华东销售部", "self_review", _("Self-review"), -2, None),
        ("Maria Hernández", "Key accounts", "closed", _("Archived"), None, "78"),
    )
    return [
        {
            "who": who, "unit": unit, "state": state, "word": word, "left": left, "score": score,
            "due": None if left is None else now + timedelta(days=left),
        }
        for who, unit, state, word, left, score in people
    ]  # fmt: skip


def grade_chart() -> dict[str, Any]:
    return {
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": ["S", "A", "B", "C", "D"]},
        "yAxis": {"type": "value"},
        "series": [
            {
                "type": "bar",
                "data": [4, 19, 63, 27, 7],
                "barMaxWidth": 44,
                "itemStyle": {"borderRadius": [4, 4, 0, 0], "color": "token:here-fill"},
            }
        ],
    }


def _node(key: str, zh: str, en: str, **more: Any) -> dict[str, Any]:
    node: dict[str, Any] = {
        "rule": "attainment", "key": key, "label": {"zh": zh, "en": en}, "clause": None, "weight": None,
        "weight_origin": "stated", "value": None, "contribution": None, "status": "counted", "branch": "",
        "sentence": {"zh": "", "en": ""}, "used": [], "figures": [], "rounding": "", "assumed": False, "children": [],
    }  # fmt: skip
    return {**node, **more}


def _figure(name: str, value: str, zh: str, en: str, **more: str) -> dict[str, Any]:
    return {"name": name, "value": value, "origin": "derived", "unit": "", "label": {"zh": zh, "en": en}, **more}


EXPLANATION = _node(
    "total", "综合得分", "Total score", value="91.2500", rule="weighted_sum",
    sentence={
        "zh": "量化指标 54.75 分加定性指标 36.5 分，共 91.25 分，等级 A。",
        "en": "Quantitative 54.75 and qualitative 36.5 points add up to 91.25: grade A.",
    },
    children=[
        _node(
            "quantitative", "量化指标", "Quantitative indicators", weight="60", value="91.25", contribution="54.75",
            children=[
                _node(
                    "sales", "销售额达成率", "Sales attainment", weight="15", value="92", contribution="13.8",
                    clause="一、量化指标 1. 销售额达成率",
                    sentence={
                        "zh": "实际 460,000 元，为目标 500,000 元的 92%，得 92 分。",
                        "en": "460,000 CNY is 92 % of the target of 500,000 CNY: 92 points.",
                    },
                    used=[{
                        "key": "sales", "label": {"zh": "销售额", "en": "Sales"},
                        "figures": [
                            _figure("actual", "460000", "实际值", "actual", unit="CNY"),
                            _figure("target", "500000", "目标值", "target", unit="CNY"),
                        ],
                        "sources": [{"who": "吕超", "when": "2026-04-02T09:12:00+08:00", "how": "CRM-2026Q1.xlsx, 17"}],
                    }],
                    figures=[_figure("cap", "120", "封顶", "cap", unit="%", origin="assumed")],
                    rounding="half_up, 2", assumed=True,
                ),
                _node(
                    "satisfaction", "客户满意度", "Customer satisfaction", weight="10", status="left_out",
                    sentence={
                        "zh": "本期没有调查，权重由其他指标分摊。",
                        "en": "There was no survey in this period; the others carry its weight.",
                    },
                ),
            ],
        ),
        _node("qualitative", "定性指标", "Qualitative indicators", weight="40", value="91.25", contribution="36.5"),
    ],
)  # fmt: skip
