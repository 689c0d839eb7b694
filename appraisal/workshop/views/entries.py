"""One part of a draft by form: an indicator with its rule, a group, an input, a parameter, a grade."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appraisal.people.views.access import only, user_of
from appraisal.schemes.describe import describe
from appraisal.schemes.loader import load_scheme
from appraisal.schemes.models import SchemeVersion
from appraisal.schemes.problems import SchemeRefusedError
from appraisal.schemes.reading import dotted
from appraisal.schemes.spec import Scheme
from appraisal.scoring.refusals import CaseError
from appraisal.workshop.actions import save_document
from appraisal.workshop.boxes.base import Entry
from appraisal.workshop.calculator import CalculatorForm
from appraisal.workshop.entries import KINDS, Target, found, place_for
from appraisal.workshop.examples import first_example
from appraisal.workshop.findings import findings_of
from appraisal.workshop.parts import PARTS
from appraisal.workshop.patching import NoSuchPlaceError
from appraisal.workshop.refusals import refusal_words
from appraisal.workshop.rewriting import without
from appraisal.workshop.rules import may_keep_schemes
from appraisal.workshop.trying import Trial, inputs_behind, tried
from appraisal.workshop.uses import Search, uses_of
from appraisal.workshop.views.access import frame_of, with_row
from appraisal.workshop.views.editing import draft_for, say_saved
from appraisal.workshop.words import labels_of, side
from workflow.errors import GuardRefused

# Whatever names these cannot do without them; an indicator may go, and what named it is reported.
HELD_BY_USE = frozenset({"input", "parameter"})


@dataclass(slots=True)
class Sitting:
    """One look at the page: whose draft, what part of it, and what came of what was typed."""

    request: HttpRequest
    version: SchemeVersion
    part: str
    target: Target
    form: Entry
    trial: Trial | None = None
    calculator: CalculatorForm | None = None


@only(may_keep_schemes)
@require_http_methods(["GET", "POST"])
def entry_edit(request: HttpRequest, pk: int, part: str, key: str) -> HttpResponse:
    version = draft_for(request, pk)
    target = found(version.scheme, part, key)
    if target is None:
        raise Http404
    return _page(request, version, part, target)


@only(may_keep_schemes)
@require_http_methods(["GET", "POST"])
def entry_add(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Nothing is in the document before it is saved."""
    version = draft_for(request, pk)
    target = place_for(version.scheme, part, request.GET)
    if target is None:
        raise Http404
    return _page(request, version, part, target)


def _page(request: HttpRequest, version: SchemeVersion, part: str, target: Target) -> HttpResponse:
    act = request.POST.get("act", "save")
    typed = with_row(request.POST, act)
    box = target.box(version.document, version.scheme, typed)
    if request.method == "GET":
        return _shown(Sitting(request, version, part, target, Entry(box)))
    if act == "redraw" or typed is not request.POST:
        sitting = Sitting(request, version, part, target, Entry(box, kept=typed))
        sitting.calculator = _calculator(sitting, version.scheme, target.key)
        return _shown(sitting)
    sitting = Sitting(request, version, part, target, Entry(box, typed))
    if act == "check":
        return _checked(sitting)
    if sitting.form.is_valid():
        if act == "try":
            _try(sitting)
        elif answer := _saved(sitting):
            return answer
    return _shown(sitting)


def _written(sitting: Sitting) -> tuple[str, str, Scheme] | None:
    """The document with what was typed, and the key of the part; or what is wrong, said at its field."""
    form, version, target = sitting.form, sitting.version, sitting.target
    try:
        text, key = target.written(version.document, version.scheme, form)
        return text, key, load_scheme(text, file=f"{version.key}.yaml")
    except NoSuchPlaceError:
        form.add_error(None, _("This place is written in a way that only the document itself can change."))
    except SchemeRefusedError as error:
        for problem in error.problems:
            form.blame(_as_drawn(problem.key, target), describe(problem))
    return None


def _as_drawn(place: str, target: Target) -> str:
    """A new entry has its key in the document, but none yet on the page."""
    above, last = dotted(target.path[:-1]), target.path[-1]
    if not target.is_new or isinstance(last, int) or not place.startswith(f"{above}."):
        return place
    rest = place[len(above) + 1 :].partition(".")[2]
    return f"{above}..{rest}" if rest else f"{above}."


def _checked(sitting: Sitting) -> HttpResponse:
    """What the checks would say of the document with what is being typed; nothing is kept."""
    done = _written(sitting) if sitting.form.is_valid() else None
    context = {"form": sitting.form, "findings": findings_of(done[0]) if done else (), "reads": done is not None}
    return render(sitting.request, "appraisal/workshop/_entry_findings.html", context)


def _saved(sitting: Sitting) -> HttpResponse | None:
    done = _written(sitting)
    if done is None:
        return None
    text, key, _scheme = done
    request, version, form = sitting.request, sitting.version, sitting.form
    try:
        saved = save_document(
            acting_user=user_of(request), at=timezone.now(), version=version, text=text,
            seen=request.POST.get("seen", ""), part=sitting.part,
        )  # fmt: skip
    except GuardRefused as refusal:
        form.add_error(None, refusal.reason)
        return None
    say_saved(request, saved)
    return redirect("schemes:entry_edit", version.pk, sitting.part, key)


def _try(sitting: Sitting) -> None:
    done = _written(sitting)
    if done is None:
        return
    _text, key, scheme = done
    form = _calculator(sitting, scheme, key)
    sitting.calculator = form
    if form is None or not form.is_bound or not form.is_valid():
        return
    try:
        sitting.trial = tried(scheme, key, form.case)
    except CaseError as error:
        form.add_error(None, _("These figures do not fit the scheme: %(reason)s") % {"reason": refusal_words(error)})


def _calculator(sitting: Sitting, scheme: Scheme, key: str) -> CalculatorForm | None:
    if sitting.target.kind != "indicator":
        return None
    posted, act = sitting.request.POST, sitting.request.POST.get("act", "")
    # The first time there is nothing typed to try yet: the fields are drawn.
    trying = act == "try" and "as_of" in posted
    behind = inputs_behind(scheme, key)
    today = timezone.localdate(timezone.now())
    case = first_example(sitting.version)
    return CalculatorForm(
        scheme, posted if trying else None, case=case, today=today, only=behind, kept=with_row(posted, act)
    )


def _shown(sitting: Sitting) -> HttpResponse:
    version, target, form = sitting.version, sitting.target, sitting.form
    if sitting.calculator is None and not target.is_new:
        sitting.calculator = _calculator(sitting, version.scheme, target.key)
    faulty = bool(form.is_bound and form.errors) or bool(sitting.calculator and sitting.calculator.errors)
    kind = KINDS[target.kind]
    context: dict[str, Any] = {
        **frame_of(sitting.request, version),
        "part": sitting.part, "part_label": PARTS[sitting.part][1], "target": target, "form": form,
        "kind_label": kind.new_label if target.is_new else kind.label,
        "seen": sitting.request.POST.get("seen") or version.digest,
        "findings": findings_of(version.document),
        "names": [(key, side(label)) for key, label in labels_of(version.scheme).items()],
        "calculator": sitting.calculator, "trial": sitting.trial,
    }  # fmt: skip
    return render(sitting.request, "appraisal/workshop/entry_edit.html", context, status=422 if faulty else 200)


@only(may_keep_schemes)
@require_http_methods(["GET", "POST"])
def entry_remove(request: HttpRequest, pk: int, part: str, key: str) -> HttpResponse:
    """First the page that says who names it; then the act."""
    version = draft_for(request, pk)
    target = found(version.scheme, part, key)
    if target is None:
        raise Http404
    uses = uses_of(version.document, _search(version, target))
    held = bool(uses) and target.kind in HELD_BY_USE
    refused = ""
    if request.method == "POST" and not held:
        refused = _removed(request, version, part, target)
        if not refused:
            return redirect("schemes:part_edit", pk, part)
    context = {
        **frame_of(request, version), "part": part, "target": target, "uses": uses, "held": held, "refused": refused,
        "kind_label": KINDS[target.kind].label, "seen": request.POST.get("seen") or version.digest,
    }  # fmt: skip
    status = 422 if refused or (held and request.method == "POST") else 200
    return render(request, "appraisal/workshop/entry_remove.html", context, status=status)


def _search(version: SchemeVersion, target: Target) -> Search:
    grades = version.scheme.grades
    if target.kind == "band" and grades is not None:
        return Search(grades.bands[int(target.key)].grade, target.path, is_grade=True)
    return Search(target.key, target.path)


def _removed(request: HttpRequest, version: SchemeVersion, part: str, target: Target) -> str:
    """Nothing, or why it cannot go."""
    try:
        save_document(
            acting_user=user_of(request), at=timezone.now(), version=version,
            text=without(version.document, target.path), seen=request.POST.get("seen", ""), part=part,
        )  # fmt: skip
    except SchemeRefusedError as error:
        return " ".join(describe(problem) for problem in error.problems)
    except NoSuchPlaceError:
        return _("This place is written in a way that only the document itself can change.")
    except GuardRefused as refusal:
        return refusal.reason
    messages.success(request, _("“%(name)s” is removed.") % {"name": target.label})
    return ""
