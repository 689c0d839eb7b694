"""A person's notices and how they wish to hear of them. Looking never changes anything: only a POST marks as read."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AbstractUser
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications import actions, clock, kinds, queries, routing
from notifications.forms import PreferencesForm
from notifications.models import OutboxMessage
from notifications.rendering import title_or_label

PER_PAGE = 30


def reader(request: HttpRequest) -> AbstractUser:
    assert isinstance(request.user, AbstractUser)
    return request.user


@login_required
@require_GET
def notice_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    unread_only = request.GET.get("show") == "unread"
    found = queries.unread_of(reader(request), at=now) if unread_only else queries.notices_of(reader(request), at=now)
    page = Paginator(found.select_related("recipient"), PER_PAGE).get_page(request.GET.get("page"))
    language = get_language() or ""
    notices = [(notice, title_or_label(notice, language=language), kinds.KINDS.get(notice.kind)) for notice in page]
    unread = queries.unread_count(reader(request), at=now)
    context = {
        "page": page,
        "notices": notices,
        "unread": unread,
        "unread_only": unread_only,
        "filters": "show=unread&" if unread_only else "",
        "tab_items": tab_items(unread, unread_only=unread_only),
        "now": now,
    }
    return render(request, "notifications/notice_list.html", context)


def tab_items(unread: int, *, unread_only: bool) -> list[dict[str, Any]]:
    address = reverse("notifications:notice_list")
    return [
        {"label": _("All"), "url": address, "active": not unread_only},
        {"label": _("Unread"), "url": f"{address}?show=unread", "active": unread_only, "count": unread},
    ]


@login_required
@require_POST
def notice_open(request: HttpRequest, message_id: int) -> HttpResponse:
    """Marks as read and leads to what the notice is about."""
    try:
        notice = actions.mark_read(acting_user=reader(request), message_id=message_id, at=timezone.now())
    except OutboxMessage.DoesNotExist:
        raise Http404 from None
    return redirect(notice.link)


@login_required
@require_POST
def notice_read_all(request: HttpRequest) -> HttpResponse:
    actions.mark_all_read(acting_user=reader(request), at=timezone.now())
    return redirect("notifications:notice_list")


@login_required
@require_http_methods(["GET", "POST"])
def preference_edit(request: HttpRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, chosen=queries.preferences_of(reader(request)))
    if request.method == "POST" and form.is_valid():
        actions.save_preferences(acting_user=reader(request), deliveries=form.cleaned_data)
        messages.success(request, _("Your choice is saved."))
        return redirect("notifications:preference_edit")
    context = {
        "form": form,
        "rights_label": kinds.GROUPS["rights"],
        "evening": clock.EVENING,
        "morning": clock.MORNING,
        "cap": routing.MAILS_A_DAY,
    }
    return render(request, "notifications/preference_edit.html", context)
