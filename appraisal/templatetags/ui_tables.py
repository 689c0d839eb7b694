"""Tables, their sorting and their pages, and charts that always have a table beside them."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from appraisal.templatetags.ui_library import one_of, register

SORTED = {"": "none", "up": "ascending", "down": "descending"}


def address_with(request: HttpRequest, **changes: str | int | None) -> str:
    """This page's address with some of its filters changed; None takes one away."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_block_tag
def data_table(content: str, *, label: str, stacked: bool = True) -> SafeString:
    """A frame around thead and tbody. On a phone each row becomes a card: give every td its `data-label`."""
    return format_html(
        '<div class="table-frame" role="region" aria-label="{}" tabindex="0"><table class="table{}">{}</table></div>',
        label, " table-stacked" if stacked else "", content,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def sort_header(context: Context, name: str, label: str, *, numeric: bool = False) -> SafeString:
    """A column's head that sorts by `?sort=name` or `?sort=-name` and keeps the filters of the address."""
    request = context["request"]
    asked = request.GET.get("sort", "")
    direction = "up" if asked == name else "down" if asked == f"-{name}" else ""
    return render_to_string(
        "components/sort_header.html",
        {
            "label": label,
            "numeric": numeric,
            "direction": direction,
            "aria_sort": SORTED[direction],
            "url": address_with(request, sort=f"-{name}" if direction == "up" else name, page=None),
        },
    )


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any]) -> dict[str, Any]:
    request = context["request"]
    numbers = [
        {"number": number, "url": address_with(request, page=number) if isinstance(number, int) else ""}
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    return {
        "page": page,
        "numbers": numbers,
        "previous": address_with(request, page=page.previous_page_number()) if page.has_previous() else "",
        "next": address_with(request, page=page.next_page_number()) if page.has_next() else "",
    }


@register.simple_block_tag
def chart(
    content: str,
    *,
    anchor: str,
    title: str,
    option: Mapping[str, Any],
    height: str = "medium",
) -> SafeString:
    """An ECharts option with a title that says the finding; the table with the same numbers stands inside."""
    one_of(height, ("small", "medium", "large"), "height")
    return render_to_string(
        "components/chart.html",
        {
            "id": anchor,
            "option_id": f"{anchor}-option",
            "title": title,
            "option": option,
            "height": height,
            "content": content,
        },
    )
