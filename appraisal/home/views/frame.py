"""The frame's own pages: the language switch, the gallery of components, the sign of life."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from appraisal.home.context import Frame
from appraisal.home.gallery import samples
from appraisal.people.actions import set_language


@require_POST
def language_switch(request: HttpRequest) -> HttpResponse:
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        raise Http404
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 24 * 3600, samesite="Lax", secure=request.is_secure()
    )
    translation.activate(language)
    if request.user.is_authenticated:
        set_language(acting_user=request.user, language=language)
    return response


@require_GET
@login_required
def gallery(request: HttpRequest) -> HttpResponse:
    if not (settings.DEBUG or "sysadmin" in Frame(request).roles):
        raise Http404
    return render(request, "appraisal/home/gallery.html", samples(request, now=timezone.now()))


@require_GET
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")
