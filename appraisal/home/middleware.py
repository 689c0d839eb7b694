"""A refusal of the engine, wherever it is raised, becomes a page that says what happened and keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from appraisal.home.kept import kept
from workflow import facts
from workflow.errors import Conflict, GuardRefused, NotAllowed, NotInThisState, Refusal

GetResponse = Callable[[HttpRequest], HttpResponse]

STATUS: dict[type[Refusal], int] = {Conflict: 409, NotInThisState: 409, GuardRefused: 422}


class RefusalMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        if isinstance(exception, NotAllowed) and request.method in {"GET", "HEAD"}:
            # Forbidden and unknown look alike.
            raise Http404 from exception
        status = 404 if isinstance(exception, NotAllowed) else STATUS.get(type(exception), 409)
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse({"reason": exception.reason, "remedy": exception.remedy}, status=status)
        return render(request, "errors/refused.html", refusal_page(request, exception), status=status)


def refusal_page(request: HttpRequest, refusal: Refusal) -> dict[str, object]:
    what = refusal.reason
    why = ""
    if isinstance(refusal, Conflict) and refusal.last is not None:
        why = facts.sentence(refusal.last)
    return {
        "title": _("That was not done"),
        "what": what,
        "why": why,
        "who_can_help": refusal.remedy,
        "kept": kept(request),
        "back_url": request.headers.get("Referer", "") if request.method == "POST" else "",
    }
