"""The distributions of a simulation as ECharts options."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol


class Counted(Protocol):
    @property
    def label(self) -> str: ...
    @property
    def cells(self) -> tuple[Any, ...]: ...


def bars(names: Sequence[str], rows: Sequence[Counted]) -> dict[str, Any]:
    """A group of bars for each row; the last series is the version that the page is about."""
    tones = ("wait", "here")[-len(names) :]
    series = [
        {
            "name": name, "type": "bar", "data": [row.cells[place] for row in rows], "barMaxWidth": 36,
            "itemStyle": {"color": f"token:{tone}-fill"},
        }
        for place, (name, tone) in enumerate(zip(names, tones, strict=True))
    ]  # fmt: skip
    return {
        **({"legend": {"top": 0}} if len(names) > 1 else {}),
        "grid": {"left": 8, "right": 8, "top": 36, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": [row.label for row in rows], "axisLabel": {"hideOverlap": True}},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": series,
    }
