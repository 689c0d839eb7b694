"""Small things that stand in a line of text: icons, badges, people, dates, deadlines, numbers."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from appraisal.templatetags.ui_library import WrongProp, one_of, register
from appraisal.templatetags.ui_looks import LOOKS, TONES

NATIVE_NAMES = {"zh-hans": "中文", "en": "English"}
SPRITE = "vendor/icons.svg"
# As many as a person reads; the exact number stands in the export.
DECIMALS = 4


@cache
def icon_names() -> frozenset[str]:
    return frozenset((Path(settings.BASE_DIR) / "static/img/icons.txt").read_text(encoding="utf-8").split())


@register.simple_tag
def icon(name: str, *, label: str = "", extra: str = "") -> SafeString:
    """A drawing of the sprite. Hidden from screen readers unless it has a label of its own."""
    one_of(name, icon_names(), "icon (see static/img/icons.txt)")
    if label:
        return format_html(
            '<svg class="icon {}" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            extra, label, static(SPRITE), name,
        )  # fmt: skip
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>', extra, static(SPRITE), name
    )


@register.filter
def message_icon(level: str) -> str:
    return LOOKS["message"].get(level, LOOKS["message"]["info"]).icon


@register.simple_tag
def language_name(code: str) -> str:
    """Each language in its own words, whatever the page is in."""
    return NATIVE_NAMES[code]


@register.inclusion_tag("components/state_badge.html")
def state_badge(machine: str, state: str, label: str, *, large: bool = False) -> dict[str, Any]:
    """Word, icon and colour together; `label` is the word, e.g. `appraisal.state_label`."""
    one_of(machine, LOOKS.keys(), "machine")
    one_of(state, LOOKS[machine].keys(), f"state of {machine}")
    return {"look": LOOKS[machine][state], "label": label, "large": large}


@register.inclusion_tag("components/state_badge.html")
def badge(label: str, *, tone: str, icon_name: str) -> dict[str, Any]:
    """For what is not a state: a mark of its own word, icon and tone."""
    one_of(tone, TONES, "tone")
    return {"look": {"icon": icon_name, "tone": tone}, "label": label, "large": False}


def initials(name: str) -> str:
    """The given name of a Chinese name, the first letters of another."""
    name = name.strip()
    if any("\u4e00" <= letter <= "\u9fff" for letter in name):
        return name[-2:]
    return "".join(part[0] for part in name.split()[:2]).upper() or "?"


@register.inclusion_tag("components/avatar.html")
def avatar(person: object) -> dict[str, Any]:
    return {"initials": initials(str(person))}


@register.inclusion_tag("components/person_chip.html")
def person_chip(person: object, *, detail: str = "", url: str = "", you: bool = False) -> dict[str, Any]:
    return {"name": str(person), "initials": initials(str(person)), "detail": detail, "url": url, "you": you}


def local_day(value: date) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


@register.filter
def day(value: date | None, now: datetime | None = None) -> str:
    """A date with its weekday. The year is left out when it is the year of `now`."""
    if value is None:
        return ""
    the_day = local_day(value)
    if now is not None and local_day(now).year == the_day.year:
        return date_format(the_day, pgettext("date format: day and weekday", "D j M"))
    return date_format(the_day, pgettext("date format: day, weekday and year", "D j M Y"))


@register.filter
def short_day(value: date | None, now: datetime | None = None) -> str:
    """A date where there is little room: without its weekday, and without the year of `now`."""
    if value is None:
        return ""
    the_day = local_day(value)
    if now is not None and local_day(now).year == the_day.year:
        return date_format(the_day, pgettext("date format: day", "j M"))
    return date_format(the_day, pgettext("date format: day and year", "j M Y"))


@register.filter
def moment(value: datetime | None, now: datetime | None = None) -> str:
    if value is None:
        return ""
    return f"{day(value, now)} {date_format(timezone.localtime(value), 'H:i')}"


@register.inclusion_tag("components/due.html")
def due(
    at: datetime | None,
    *,
    now: datetime,
    days_left: int | None = None,
    done_at: datetime | None = None,
    provisional: bool = False,
) -> dict[str, Any]:
    """A deadline: the day, and what is left in working days when the caller counted them (negative when over).

    Without `days_left` the days of the calendar are counted, and said to be such.
    """
    if at is None:
        return {"at": None, "done_at": done_at, "tone": "off", "words": _("No deadline")}
    if timezone.is_naive(at) or timezone.is_naive(now):
        raise WrongProp("a deadline and `now` are moments with a time zone")
    left = days_left if days_left is not None else (local_day(at) - local_day(now)).days
    over = done_at is None and at < now
    words = due_words(left=left, over=over, working=days_left is not None)
    tone = "late" if over else "warn" if left <= 1 and done_at is None else "plain"
    return {"at": at, "now": now, "done_at": done_at, "tone": tone, "words": words, "provisional": provisional}


def due_words(*, left: int, over: bool, working: bool) -> str:
    count = {"days": abs(left)}
    if over and left == 0:
        return _("Overdue")
    if over and working:
        return ngettext("Overdue by %(days)s working day", "Overdue by %(days)s working days", abs(left)) % count
    if over:
        return ngettext("Overdue by %(days)s day", "Overdue by %(days)s days", abs(left)) % count
    if left <= 0:
        return _("Due today")
    if working:
        return ngettext("%(days)s working day left", "%(days)s working days left", left) % count
    return ngettext("%(days)s day left", "%(days)s days left", left) % count


@register.filter
def figure(value: object) -> str:
    """A number for reading: no needless zeros, thousands apart. What is missing is a dash, never a zero."""
    if value is None or value == "":
        return "—"
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if not number.is_finite():
        return str(value)
    if int(number.as_tuple().exponent) < -DECIMALS:
        number = number.quantize(Decimal(1).scaleb(-DECIMALS), ROUND_HALF_UP)
    text = f"{number:,f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "\u2212", 1)


@register.filter
def in_language(words: object) -> str:
    """The reader's side of a `{zh, en}` pair; text that has no sides is itself."""
    if hasattr(words, "zh") and hasattr(words, "en"):
        words = {"zh": words.zh, "en": words.en}
    if isinstance(words, dict):
        sides = ("en", "zh") if get_language() == "en" else ("zh", "en")
        return str(words.get(sides[0]) or words.get(sides[1]) or "")
    return "" if words is None else str(words)


@register.filter
def source_words(how: str) -> str:
    """How a figure came in, for the reader: words kept as `Chinese / English` give one side, a file is its name."""
    if how == "typed":
        return _("typed in")
    english = get_language() == "en"
    parts = [part.split(" / ")[-1 if english else 0] for part in how.split("、")]
    return (", " if english else "、").join(parts)


@register.filter
def moment_of(text: str | None) -> str:
    """A moment that travelled as ISO text, as in an exported explanation."""
    return moment(datetime.fromisoformat(text)) if text else ""
