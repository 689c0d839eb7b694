"""Who may open the pages of the people room. For everybody else they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse

from appraisal.people.models import User
from workflow.verdicts import Verdict

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def only(rule: Callable[[User | AnonymousUser], Verdict]) -> Callable[[View[P]], View[P]]:
    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not rule(user_of(request)):
                raise Http404
            return view(request, *args, **kwargs)

        return cast("View[P]", login_required(checked))

    return decorate
