"""The problems of a scheme in the words of its reader."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.schemes.problems import Problem

SENTENCES = {
    # Reading
    "too_long": gettext_lazy("The document is longer than %(most)s characters."),
    "too_deep": gettext_lazy("The document is nested too deeply."),
    "yaml": gettext_lazy("This is not valid YAML: %(problem)s."),
    "no_mapping": gettext_lazy("A scheme is a list of keys with values; this is something else."),
    "alias": gettext_lazy("Anchors and aliases (& and *) are not allowed: write the value out."),
    "tag": gettext_lazy("Tags (%(tag)s) are not allowed: write the plain value."),
    "bad_key": gettext_lazy("A key must be a word or a whole number."),
    "duplicate_key": gettext_lazy("This key stands here twice; the first one is in line %(first)s."),
    "wrong_place": gettext_lazy("The file must be named after its scheme (%(scheme)s) and the day it is valid from."),
    # Shape
    "unknown_key": gettext_lazy("The key “%(written)s” is unknown here."),
    "missing_key": gettext_lazy("The key “%(missing)s” is missing."),
    "bad_choice": gettext_lazy("“%(written)s” is not possible here; possible are: %(known)s."),
    "no_kind": gettext_lazy("No known kind of rule is named; known are: %(known)s."),
    "not_exact": gettext_lazy("“%(written)s” is not a number."),
    "number_size": gettext_lazy("“%(written)s” has more digits than can be kept exactly."),
    "bad_days": gettext_lazy("Write a number of days like “3 working days” or “10 calendar days”, not “%(written)s”."),
    "one_of": gettext_lazy("Write exactly one of: %(fields)s."),
    "two_bounds": gettext_lazy("A band has at most one lower and one upper bound."),
    "bad_spelling": gettext_lazy("“%(written)s” is not a valid name: use small letters, digits and the joining sign."),
    "bad_date": gettext_lazy("“%(written)s” is not a date; write it like 2026-01-01."),
    "empty": gettext_lazy("Something must be written here."),
    "bad_value": gettext_lazy("“%(written)s” does not fit here."),
    # Meaning
    "weights": gettext_lazy("The weights inside add up to %(sum)s and must add up to %(expected)s."),
    "weight_not_positive": gettext_lazy("A weight must be above 0."),
    "number_missing": gettext_lazy("The number “%(name)s” is missing; without it the scheme cannot be published."),
    "unknown_parameter": gettext_lazy("There is no parameter “%(written)s”."),
    "unused_parameter": gettext_lazy("The parameter “%(name)s” is used nowhere."),
    "unknown_input": gettext_lazy("There is no input “%(written)s”."),
    "wrong_input": gettext_lazy("The input “%(written)s” is of the kind %(kind)s; this rule reads: %(known)s."),
    "unused_input": gettext_lazy("No indicator reads the input “%(name)s”."),
    "target_not_asked": gettext_lazy(
        "The rule measures “%(name)s” against its target, but no target is required of it."
    ),
    "lower_is_better": gettext_lazy("For “%(name)s” lower is better; attainment would reward the opposite."),
    "unknown_severity": gettext_lazy("There is no severity “%(written)s” in the input."),
    "severity_without_deduction": gettext_lazy("No deduction is set for the severity “%(name)s”."),
    "duplicate_indicator": gettext_lazy("“%(name)s” names more than one indicator or group."),
    "never_in_period": gettext_lazy("In the period “%(period)s” no indicator has a figure."),
    "duplicate_grade": gettext_lazy("The grade “%(name)s” stands here twice."),
    "band_empty": gettext_lazy("No total can lie in the band of grade “%(name)s”."),
    "band_gap": gettext_lazy("A total of %(at)s lies in no band, between grades “%(upper)s” and “%(lower)s”."),
    "band_overlap": gettext_lazy("A total of %(at)s lies in two bands, those of grades “%(upper)s” and “%(lower)s”."),
    "band_open_top": gettext_lazy("Totals above %(at)s lie in no band."),
    "band_open_bottom": gettext_lazy("Totals below %(at)s lie in no band."),
    "grade_unreachable": gettext_lazy("Grade “%(name)s” cannot be reached: totals go from %(least)s to %(most)s."),
    "unknown_grade": gettext_lazy("There is no grade “%(written)s”."),
    "grade_without_multiplier": gettext_lazy("No multiplier is set for grade “%(name)s”."),
    "unknown_level": gettext_lazy("There is no commission level “%(written)s”."),
    "unknown_indicator": gettext_lazy("There is no indicator “%(written)s”."),
    "period_not_appraised": gettext_lazy("The scheme does not appraise the period “%(written)s”."),
    "step_without_days": gettext_lazy("Nobody is told until when this step has to be done."),
    "expiry_without_days": gettext_lazy("The step says what happens when its time is up, but has no time."),
    "ladder_without_days": gettext_lazy("The step has reminders, but no due day to count from."),
    "escalates_after_expiry": gettext_lazy(
        "The step ends by itself when its time is up; nobody can be told after that."
    ),
    "unknown_assumed": gettext_lazy("“%(written)s” is marked as assumed, but the step has no such number."),
    "indispensable_step": gettext_lazy("A cycle cannot do without this step."),
    "step_on_and_optional": gettext_lazy("The step is on already; it need not be offered as an option."),
}


def describe(problem: Problem) -> str:
    """The whole sentence: what is wrong, and what might be meant."""
    sentence = str(SENTENCES[problem.code]) % problem.params
    if problem.params.get("proposal"):
        sentence = _("%(sentence)s Did you mean “%(proposal)s”?") % {
            "sentence": sentence,
            "proposal": problem.params["proposal"],
        }
    return sentence


def describe_with_place(problem: Problem) -> str:
    """For a list of problems outside the document: file, line and key first."""
    place = {"file": problem.file, "line": problem.line or "", "key": problem.key, "sentence": describe(problem)}
    if not problem.file:
        return _("%(key)s: %(sentence)s") % place
    return _("%(file)s, line %(line)s, %(key)s: %(sentence)s") % place
