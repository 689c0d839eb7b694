"""The appraisal's machine: the whole procedure in one table."""

from django.utils.translation import gettext_lazy as _

from appraisal.assessments.gaps import score_complete, self_review_complete
from appraisal.assessments.rules import load_papers, raters_joined
from appraisal.calibration.rules import decision_made, load_decisions, session_calibrates_others
from appraisal.cycles.models import Appraisal
from appraisal.cycles.process import skipped_between
from appraisal.cycles.rules import EMPLOYEE, HR, HR_PARTNER, MANAGER, PANEL, SECOND_LEVEL
from appraisal.cycles.states import ROUTE, Step, Verb
from appraisal.improvement.rules import load_plans, plans_ended
from appraisal.interviews.rules import answer_fits_the_person, interview_done, load_answers
from appraisal.interviews.states import Answer
from appraisal.people import ladder
from appraisal.procedure import rules
from appraisal.procedure.duties import duties
from workflow import facts
from workflow.facts import FactType
from workflow.machine import START, SYSTEM, Machine, Role, Transition, register

facts.register(
    FactType("appraisal.launched", _("Launched"), _("%(actor)s launched the appraisal")),
    FactType("targets.agreed", _("Targets agreed"), _("%(actor)s confirmed the targets")),
    FactType("review.started", _("Review started"), _("The period ended and the review began")),
    FactType("self_review.submitted", _("Self-review submitted"), _("%(actor)s handed in the self-review")),
    FactType("self_review.not_given", _("Self-review not given"), _("The step went on without a self-review")),
    FactType("score.submitted", _("Score submitted"), _("%(actor)s handed in the score")),
    FactType("appraisal.sent_back", _("Sent back"), _("%(actor)s sent it back")),
    FactType("appraisal.countersigned", _("Countersigned"), _("%(actor)s countersigned")),
    FactType("calibration.confirmed", _("Calibration confirmed"), _("%(actor)s confirmed the calibration")),
    FactType("result.released", _("Result released"), _("%(actor)s released the result")),
    FactType("result.recalled", _("Result recalled"), _("%(actor)s recalled the result")),
    FactType("interview.closed", _("Interview closed"), _("The interview record is complete")),
    FactType("result.acknowledged", _("Result answered"), _("%(actor)s: %(answer)s"), {"answer": dict(Answer.choices)}),
    FactType("appraisal.appealed", _("Appealed"), _("%(actor)s lodged an appeal against the result")),
    FactType("appeal.decided", _("Appeal decided"), _("The appeal was decided and the result released again")),
    FactType("appraisal.appeal_withdrawn", _("Appeal withdrawn"), _("%(actor)s withdrew the appeal")),
    FactType("window.closed", _("Appeal window closed"), _("The appeal window ended")),
    FactType("improvement.concluded", _("Improvement concluded"), _("%(actor)s concluded the improvement")),
    FactType("result.corrected", _("Result opened for correction"), _("%(actor)s approved a correction")),
    FactType("correction.proposed", _("Correction proposed"), _("%(actor)s proposed to correct the result")),
    FactType("correction.declined", _("Correction declined"), _("%(actor)s declined the correction")),
    FactType("work.nudged", _("Reminded"), _("%(actor)s reminded who holds the step")),
    FactType("appraisal.handed_over", _("Handed over"), _("%(actor)s handed the manager's work over to %(to)s")),
    FactType("appraisal.withdrawn", _("Withdrawn"), _("%(actor)s took this person out of the cycle")),
    FactType("appraisal.reinstated", _("Reinstated"), _("%(actor)s took this person back into the cycle")),
)


# HR launches the cycle for everybody, also for themselves; every later act on one's own appraisal is a colleague's.
CYCLE_HR = Role("cycle_hr", _("HR"), lambda appraisal, user: rules.keeps_cycles(user))


def _row(verb: Verb, sources: tuple[str, ...], who: tuple[str, ...], fact: str, **rest: object) -> Transition:
    return Transition(verb=verb.value, label=verb.label, sources=sources, who=who, fact=fact, **rest)  # type: ignore[arg-type]


AFTER = {step: (*ROUTE[ROUTE.index(step) + 1 :], Step.IMPROVING, Step.CLOSED) for step in ROUTE}
KEEPERS = ("hr", "hr_partner")

TABLE = (
    _row(
        Verb.LAUNCH, (START,), ("cycle_hr",), "appraisal.launched", targets=ROUTE, target=rules.first_step,
        guards=(rules.cycle_takes_people,),
    ),
    _row(
        Verb.AGREE_TARGETS, (Step.PLANNING,), ("employee",), "targets.agreed", targets=AFTER[Step.PLANNING],
        target=rules.following_step,
    ),
    _row(
        Verb.START_REVIEW, (Step.TRACKING,), (SYSTEM, "hr"), "review.started", targets=AFTER[Step.TRACKING],
        target=rules.following_step, guards=(rules.period_is_over,),
    ),
    _row(
        Verb.SUBMIT_SELF_REVIEW, (Step.SELF_REVIEW,), ("employee",), "self_review.submitted", targets=(Step.SCORING,),
        guards=(self_review_complete,), prefetch=load_papers,
    ),
    _row(
        Verb.PASS_OVER_SELF_REVIEW, (Step.SELF_REVIEW,), (*KEEPERS, SYSTEM), "self_review.not_given",
        targets=(Step.SCORING,), guards=(rules.time_has_passed,), prefetch=rules.load_due,
    ),
    _row(
        Verb.SUBMIT_SCORE, (Step.SCORING,), ("manager",), "score.submitted", targets=AFTER[Step.SCORING],
        target=rules.following_step, guards=(score_complete, raters_joined), prefetch=load_papers,
    ),
    _row(
        Verb.SEND_BACK, (Step.SCORING, Step.COUNTERSIGNING, Step.CALIBRATING), ("manager", "second_level", "hr"),
        "appraisal.sent_back", targets=(Step.SELF_REVIEW, Step.SCORING), target=rules.sent_back_to,
        guards=(rules.holder_sends_back, rules.self_review_is_on), needs_reason=True,
    ),
    _row(
        Verb.COUNTERSIGN, (Step.COUNTERSIGNING,), ("second_level",), "appraisal.countersigned",
        targets=AFTER[Step.COUNTERSIGNING], target=rules.following_step,
    ),
    _row(
        Verb.CONFIRM_CALIBRATION, (Step.CALIBRATING,), ("hr",), "calibration.confirmed", targets=(Step.DECIDED,),
        guards=(decision_made, session_calibrates_others), prefetch=load_decisions,
    ),
    _row(
        Verb.RELEASE, (Step.DECIDED,), ("hr",), "result.released", targets=AFTER[Step.DECIDED],
        target=rules.following_step, guards=(rules.grade_decided,), prefetch=load_plans,
    ),
    _row(
        Verb.RECALL, (Step.INTERVIEWING,), ("hr",), "result.recalled", targets=(Step.DECIDED,), needs_reason=True,
    ),
    _row(
        Verb.RECORD_INTERVIEW, (Step.INTERVIEWING,), ("employee", "hr"), "interview.closed",
        targets=AFTER[Step.INTERVIEWING], target=rules.following_step, guards=(interview_done,),
        prefetch=rules.load_interview_and_plans,
    ),
    _row(
        Verb.ACKNOWLEDGE, (Step.INTERVIEWING, Step.APPEAL_WINDOW, Step.IMPROVING, Step.CLOSED), ("employee", *KEEPERS),
        "result.acknowledged", guards=(answer_fits_the_person,), prefetch=load_answers,
    ),
    _row(
        Verb.LODGE_APPEAL, (Step.APPEAL_WINDOW,), ("employee",), "appraisal.appealed", targets=(Step.APPEALED,),
    ),
    _row(
        Verb.DECIDE_APPEAL, (Step.APPEALED,), ("panel",), "appeal.decided",
        targets=(Step.IMPROVING, Step.CLOSED), target=rules.after_window, prefetch=load_plans,
    ),
    _row(
        Verb.WITHDRAW_APPEAL, (Step.APPEALED,), ("employee",), "appraisal.appeal_withdrawn",
        targets=(Step.APPEAL_WINDOW,),
    ),
    _row(
        Verb.CLOSE_WINDOW, (Step.APPEAL_WINDOW,), (SYSTEM,), "window.closed",
        targets=(Step.IMPROVING, Step.CLOSED), target=rules.after_window, prefetch=load_plans,
    ),
    _row(
        Verb.CONCLUDE_IMPROVEMENT, (Step.IMPROVING,), ("hr", SYSTEM), "improvement.concluded", targets=(Step.CLOSED,),
        guards=(plans_ended,), prefetch=load_plans,
    ),
    _row(
        Verb.CORRECT, (Step.CLOSED,), ("hr",), "result.corrected", targets=(Step.DECIDED,),
        guards=(rules.second_person_approves,), needs_reason=True,
    ),
    _row(
        Verb.WITHDRAW, rules.WITHDRAWABLE, ("hr",), "appraisal.withdrawn", targets=(Step.WITHDRAWN,),
        needs_reason=True,
    ),
    _row(
        Verb.REINSTATE, (Step.WITHDRAWN,), ("hr",), "appraisal.reinstated", targets=rules.WITHDRAWABLE,
        target=rules.reinstated_to, guards=(rules.cycle_is_open,), needs_reason=True,
        prefetch=rules.load_left_steps,
    ),
)  # fmt: skip

MACHINE = register(
    Machine(
        name="appraisal",
        label=_("Appraisal"),
        model=Appraisal,
        states=Step,
        roles=(EMPLOYEE, MANAGER, SECOND_LEVEL, HR, HR_PARTNER, PANEL, CYCLE_HR),
        final=frozenset(),
        transitions=TABLE,
        duties=duties,
        on_alarms=ladder.speak,
        passed=skipped_between,
        related=("cycle__calendar", "track", "employee"),
        shared=("cycle__calendar", "track"),
        title=lambda appraisal: f"{appraisal.title} · {appraisal.cycle}",
        on_expiry=rules.on_expiry,
    )
)
