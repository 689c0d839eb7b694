"""Files that people upload."""

from __future__ import annotations

import base64
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook

# One white pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# Target and actual of each figure of the sales scheme. With 100 points for each rating and no incident the
# quarter comes to: attainment 90, customers 80, collection 95, conversion 15 / 20 = 75, satisfaction 88.
FIGURES: dict[str, tuple[int | None, Decimal | int]] = {
    "銷售額": (1_000_000, 900_000),
    "新增有效客戶數": (10, 8),
    "應回款額": (None, 500_000),
    "實際回款額": (None, 475_000),
    "潛在線索數": (None, 200),
    "簽約客戶數": (None, 30),
    "客戶滿意度調研": (None, 88),
}

# A poor quarter: 30, 20, 40, 15 and 60.
POOR = (300_000, 2, 500_000, 200_000, 200, 6, 60)


def figures_xlsx(*numbers: str, poor: str = "", period: str = "2026Q1") -> dict[str, Any]:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["期间", "工号", "指标", "目标值", "实际值", "新客戶銷售額", "老客戶復購額", "答卷数"])
    for number in numbers:
        for (name, (target, good)), bad in zip(FIGURES.items(), POOR, strict=True):
            actual = bad if number == poor else good
            new, again = (200_000, actual - 200_000) if name == "銷售額" else (None, None)
            sheet.append([period, number, name, target, actual, new, again, 30 if name == "客戶滿意度調研" else None])
    content = BytesIO()
    book.save(content)
    return {"name": "figures.xlsx", "mimeType": XLSX, "buffer": content.getvalue()}


def picture(name: str = "crm.png") -> dict[str, Any]:
    return {"name": name, "mimeType": "image/png", "buffer": PNG}
