from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from appraisal.cycles.models import Appraisal
from appraisal.cycles.pages import appraisal_frame, line
from appraisal.cycles.queries import visible_to
from appraisal.cycles.rules import is_employee, is_hr, is_hr_partner
from appraisal.cycles.states import Step, Verb
from appraisal.interviews import actions
from appraisal.interviews.forms import ActionForms, AnswerForm, AppointmentForm, ConfirmForm, RecordForm, agreed_in
from appraisal.interviews.invitations import calendar_file
from appraisal.interviews.models import Interview, NextAction
from appraisal.interviews.queries import answers_of, conducts, interview_of
from appraisal.interviews.rules import answer_fits_the_person, minutes_needed
from appraisal.interviews.states import OPINIONS, Answer, InterviewVerb
from workflow import queries
from workflow.machine import Attempt

if TYPE_CHECKING:
    from appraisal.people.models import User


def reader(request: HttpRequest) -> User:
    return cast("User", request.user)


def appraisal_for(request: HttpRequest, pk: int) -> Appraisal:
    return get_object_or_404(visible_to(reader(request)), pk=pk)


def posted(request: HttpRequest, verb: str) -> dict[str, Any]:
    """The version that the page was drawn from and the key that makes a retry harmless."""
    version, key = request.POST.get("version", ""), request.POST.get("key", "")
    return {"version": int(version) if version.isdigit() else None, "key": f"{verb}:{key[:40]}" if key else None}


@require_GET
@login_required
def interview_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, appraisal_for(request, pk), timezone.now())


@require_POST
@login_required
def interview_schedule(request: HttpRequest, pk: int) -> HttpResponse:
    appraisal, at = _conducted(request, pk), timezone.now()
    interview = interview_of(appraisal)
    form = AppointmentForm(request.POST, appraisal=appraisal, at=at)
    if not form.is_valid():
        return _page(request, appraisal, at, appointment=form)
    if interview is None:
        actions.schedule_interview(
            acting_user=reader(request), appraisal=appraisal, appointment=form.appointment, at=at
        )
    else:
        actions.reschedule_interview(
            acting_user=reader(request), interview=interview, appointment=form.appointment, at=at,
            **posted(request, InterviewVerb.RESCHEDULE),
        )  # fmt: skip
    messages.success(request, _("The appointment is set. Both of you find it here and as a calendar file."))
    return redirect("interviews:interview_detail", pk)


@require_POST
@login_required
def interview_record(request: HttpRequest, pk: int) -> HttpResponse:
    appraisal, at = _conducted(request, pk), timezone.now()
    form = RecordForm(request.POST, appraisal=appraisal, at=at)
    rows = ActionForms(request.POST, prefix="actions")
    if not (form.is_valid() & rows.is_valid()):
        return _page(request, appraisal, at, record=form, rows=rows)
    actions.record_interview(
        acting_user=reader(request), appraisal=appraisal, record=form.record(agreed_in(rows)), at=at,
        **posted(request, InterviewVerb.RECORD),
    )  # fmt: skip
    messages.success(request, _("The record is kept. The employee is now asked to confirm it."))
    return redirect("interviews:interview_detail", pk)


@require_POST
@login_required
def interview_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    form = ConfirmForm(request.POST)
    appraisal, at = appraisal_for(request, pk), timezone.now()
    if not form.is_valid():
        return _page(request, appraisal, at, confirm=form)
    actions.confirm_record(
        acting_user=reader(request), interview=_interview(appraisal), comment=form.cleaned_data["comment"], at=at,
        **posted(request, InterviewVerb.CONFIRM),
    )  # fmt: skip
    messages.success(request, _("You have confirmed the record. The time in which you may appeal has begun."))
    return redirect("interviews:interview_detail", pk)


@require_POST
@login_required
def interview_return(request: HttpRequest, pk: int) -> HttpResponse:
    actions.return_record(
        acting_user=reader(request), interview=_interview(appraisal_for(request, pk)), at=timezone.now(),
        reason=request.POST.get("reason", ""), **posted(request, InterviewVerb.RETURN_RECORD),
    )  # fmt: skip
    messages.success(request, _("Your request for a correction has been sent."))
    return redirect("interviews:interview_detail", pk)


@require_POST
@login_required
def interview_close(request: HttpRequest, pk: int) -> HttpResponse:
    actions.close_without_confirmation(
        acting_user=reader(request), interview=_interview(appraisal_for(request, pk)), at=timezone.now(),
        reason=request.POST.get("reason", ""), **posted(request, InterviewVerb.CLOSE_UNCONFIRMED),
    )  # fmt: skip
    messages.success(request, _("Closed without the employee's confirmation; the record says so."))
    return redirect("interviews:interview_detail", pk)


@require_GET
@login_required
def interview_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    content = calendar_file(_interview(appraisal_for(request, pk)), at=timezone.now())
    headers = {"Content-Disposition": f'attachment; filename="interview-{pk}.ics"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


@require_http_methods(["GET", "POST"])
@login_required
def result_acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    appraisal, at = appraisal_for(request, pk), timezone.now()
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.acknowledge(
            acting_user=reader(request), appraisal=appraisal, at=at, **form.cleaned_data,
            **posted(request, Verb.ACKNOWLEDGE),
        )  # fmt: skip
        messages.success(request, _("Your answer is kept."))
        return redirect("interviews:result_acknowledge", pk)
    return _answer_page(request, appraisal, at, form)


def _answer_page(request: HttpRequest, appraisal: Appraisal, at: datetime, form: AnswerForm) -> HttpResponse:
    user = reader(request)
    frame = appraisal_frame(appraisal, user, at=at)
    rows = answers_of(appraisal)
    verdict = answer_fits_the_person(Attempt(appraisal, user, at, Verb.ACKNOWLEDGE))
    open_now = any(act.verb == Verb.ACKNOWLEDGE for act in frame["acts"])
    given = {answer for answer, row in rows if row is not None}
    context = {
        **frame,
        "rows": rows,
        "may_answer": open_now and is_employee(appraisal, user) and bool(verdict),
        "may_say_read": open_now and is_employee(appraisal, user) and not given & {Answer.READ, *OPINIONS},
        "may_record_refusal": open_now and (is_hr(appraisal, user) or is_hr_partner(appraisal, user)) and bool(verdict),
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "appraisal/interviews/result_acknowledge.html", context, status=status)


def _conducted(request: HttpRequest, pk: int) -> Appraisal:
    """For those who may arrange the interview; whether it is the time for it, the door says."""
    appraisal = appraisal_for(request, pk)
    if not conducts(appraisal, reader(request)) and appraisal.state == Step.INTERVIEWING:
        raise Http404
    return appraisal


def _interview(appraisal: Appraisal) -> Interview:
    interview = interview_of(appraisal)
    if interview is None:
        raise Http404
    return interview


def _page(
    request: HttpRequest,
    appraisal: Appraisal,
    at: datetime,
    *,
    appointment: AppointmentForm | None = None,
    record: RecordForm | None = None,
    rows: Any = None,
    confirm: ConfirmForm | None = None,
) -> HttpResponse:
    user, interview = reader(request), interview_of(appraisal)
    verbs = {choice.verb: choice for choice in queries.choices(interview, user, at=at)} if interview else {}
    agreed = list(interview.actions.order_by("position")) if interview else []
    context = {
        **(frame := appraisal_frame(appraisal, user, at=at, case=interview)),
        "interview": interview,
        "agreed": agreed,
        "minutes_needed": minutes_needed(appraisal),
        "conducts": conducts(appraisal, user),
        "verbs": verbs,
        "version": interview.version if interview else 0,
        "case_history": [line(fact) for fact in frame["case_facts"]],
    }
    if context["conducts"]:
        context["appointment"] = appointment or AppointmentForm(appraisal=appraisal, at=at, interview=interview)
        context["record"] = record or RecordForm(appraisal=appraisal, at=at, interview=interview)
        context["rows"] = rows if rows is not None else _rows(agreed)
    if InterviewVerb.CONFIRM in verbs:
        context["confirm"] = confirm or ConfirmForm()
    faulty = any(form is not None for form in (appointment, record, confirm))
    return render(request, "appraisal/interviews/interview_detail.html", context, status=422 if faulty else 200)


def _rows(agreed: list[NextAction]) -> Any:
    """The actions as agreed so far, or one empty row."""
    given = [{"text": row.text, "owner": row.owner, "due_on": row.due_on} for row in agreed]
    rows = ActionForms(prefix="actions", initial=given)
    rows.extra = 0 if given else 1
    return rows
