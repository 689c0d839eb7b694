"""A stored context becomes words in the reader's language, with dates in the reader's zone."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.template import Context, Engine
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext

from notifications import kinds
from notifications.models import OutboxMessage

logger = logging.getLogger(__name__)

A_DAY = re.compile(r"\d{4}-\d\d-\d\d")
A_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str


def language_of(user: AbstractUser) -> str:
    return getattr(user, "language", "") or settings.LANGUAGE_CODE


def revive(value: Any, language: str) -> Any:
    """JSON back to what templates want: dates as dates, and `step` out of `step_zh` and `step_en`."""
    if isinstance(value, Mapping):
        told = {key: revive(part, language) for key, part in value.items()}
        suffix = "_en" if language.startswith("en") else "_zh"
        return told | {key.removesuffix(suffix): part for key, part in told.items() if key.endswith(suffix)}
    if isinstance(value, list):
        return [revive(part, language) for part in value]
    if isinstance(value, str) and A_MOMENT.fullmatch(value):
        return parse_datetime(value)
    if isinstance(value, str) and A_DAY.fullmatch(value):
        return parse_date(value)
    return value


def context_of(message: OutboxMessage, language: str) -> dict[str, Any]:
    return {
        **revive(message.context, language),
        "recipient": message.recipient,
        "link": settings.BASE_URL + message.link,
        "base_url": settings.BASE_URL,
        "preferences_link": settings.BASE_URL + reverse("notifications:preference_edit"),
        "kind": kinds.get(message.kind),
    }


def fill(template: str, context: Mapping[str, Any], *, autoescape: bool) -> str:
    # Through the engine and not render(): a text part is plain text and must not be escaped as HTML.
    return str(Engine.get_default().get_template(template).render(Context(dict(context), autoescape=autoescape)))


def one_line(text: str) -> str:
    return " ".join(text.split())


def render_mail(message: OutboxMessage, *, zone: tzinfo | None) -> Rendered:
    language = language_of(message.recipient)
    template = kinds.get(message.kind).template
    with translation.override(language), timezone.override(zone):
        context = context_of(message, language)
        subject = one_line(fill(f"{template}.subject.txt", context, autoescape=False))
        text = fill(f"{template}.body.txt", context, autoescape=False).strip() + "\n"
        html = fill(f"{template}.body.html", {**context, "subject": subject}, autoescape=True)
    return Rendered(subject=subject, text=text, html=html)


def title_of(message: OutboxMessage, *, language: str) -> str:
    """The subject line as the notice's title, in the language of whoever looks."""
    with translation.override(language):
        template = kinds.get(message.kind).template
        return one_line(fill(f"{template}.subject.txt", context_of(message, language), autoescape=False))


def title_or_label(message: OutboxMessage, *, language: str) -> str:
    """For lists: one notice that cannot be rendered must not hide the others."""
    try:
        return title_of(message, language=language)
    except Exception:
        logger.exception("Message %s has no title.", message.id)
        with translation.override(language):
            known = kinds.KINDS.get(message.kind)
            return str(known.label) if known else gettext("Notice")
