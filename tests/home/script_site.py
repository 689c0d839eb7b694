"""A site of one form, whose server can be told to fail in each way that servers fail."""

from dataclasses import dataclass, field

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template import engines
from django.urls import include, path

PAGE = """{% extends "base.html" %}{% load ui %}
{% block title %}Form{% endblock %}{% block page_title %}Form{% endblock %}
{% block content %}
<form method="post" action="/form/"{% autosave url="/save/" version=server.version key="words" %}>
  {% csrf_token %}{% autosave_status %}
  <label for="words">Words</label>
  <textarea id="words" name="words" maxlength="100">{{ server.words }}</textarea>
  {% counter of="words" most=100 least=5 %}
  <label><input type="checkbox" name="agreed" value="yes"{% if server.agreed %} checked{% endif %}> Agreed</label>
  <button type="submit">Send</button>
</form>
{% file_drop anchor="evidence" name="file" label="Evidence" url="/upload/" accept=".pdf,.png" max_bytes=1000 %}
{% action_button label="Send back" dialog="send-back" %}
{% explained "91.25" url="/why/" %}
<p id="elsewhere" tabindex="0">Elsewhere</p>
{% endblock %}
{% block dialogs %}
{% reason_dialog anchor="send-back" title="Send back" effect="It opens again." action="/form/" submit_label="Send it" %}
{% endreason_dialog %}
{% endblock %}
"""


@dataclass
class Server:
    """What is stored, and what happens to the next saves: fine, broken, signed_out or conflict."""

    words: str = ""
    agreed: bool = False
    version: int = 1
    mood: str = "fine"
    saves: list[str] = field(default_factory=list)
    uploads: list[str] = field(default_factory=list)


server = Server()


def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(PAGE).render({"server": server}, request))


def save(request: HttpRequest) -> HttpResponse:
    if server.mood == "broken":
        return HttpResponse(status=503)
    if server.mood == "signed_out":
        return HttpResponseRedirect("/accounts/login/")
    if server.mood == "conflict" or request.POST["version"] != str(server.version):
        return JsonResponse({"reason": "Wang Qiang changed it at 10:41."}, status=409)
    server.words, server.agreed = request.POST["words"], request.POST.get("agreed") == "yes"
    server.version += 1
    server.saves.append(server.words)
    return JsonResponse({"version": server.version, "saved_at": "10:42"})


def upload(request: HttpRequest) -> HttpResponse:
    file = request.FILES["file"]
    assert isinstance(file, UploadedFile)
    if file.read().startswith(b"MZ"):
        return JsonResponse({"error": "This is a program, not a PDF."}, status=400)
    server.uploads.append(str(file.name))
    return JsonResponse({"name": file.name, "size": file.size, "url": "/form/", "remove_url": "/remove/"})


def remove(request: HttpRequest) -> HttpResponse:
    server.uploads.clear()
    return HttpResponse(status=204)


def why(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<main><div data-explanation><p>92 % of target.</p></div></main>")


urlpatterns = [
    path("form/", form),
    path("save/", save),
    path("upload/", upload),
    path("remove/", remove),
    path("why/", why),
    path("", include("appraisal.home.urls")),
    path("accounts/", include("allauth.urls")),
]
