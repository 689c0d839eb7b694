"""The distribution as an ECharts option."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from appraisal.calibration.queries import Gathering


def distribution_chart(found: Gathering) -> dict[str, Any]:
    """By grade: what the managers gave, how it stands now, and the guideline as a line of marks."""
    series = [
        _bars(_("Manager's grade"), [column.count for column in found.before.columns], "wait"),
        _bars(_("Now"), [column.count for column in found.now.columns], "here"),
    ]
    if found.now.has_guideline:
        quotas = [column.quota for column in found.now.columns]
        mark = {"color": "token:warn-fill"}
        series.append(
            {"name": _("Guideline"), "type": "scatter", "data": quotas, "symbol": "rect", "symbolSize": [34, 4],
             "itemStyle": mark}
        )  # fmt: skip
    return {
        "legend": {"top": 0},
        "grid": {"left": 8, "right": 8, "top": 36, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": [column.grade or "—" for column in found.now.columns]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": series,
    }


def _bars(name: str, counts: list[int], tone: str) -> dict[str, Any]:
    return {
        "name": name,
        "type": "bar",
        "data": counts,
        "itemStyle": {"color": f"token:{tone}-fill"},
        "barMaxWidth": 36,
    }
