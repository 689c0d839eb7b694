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
    "formula_unreadable": gettext_lazy("“%(written)s” is no formula: check brackets, quotes and signs."),
    "formula_too_long": gettext_lazy("The formula is too long; put a part of it into a result of its own."),
    "formula_too_deep": gettext_lazy("The formula is nested too deeply; put a part of it into a result of its own."),
    "formula_forbidden": gettext_lazy(
        "“%(part)s” is not possible in a formula: write numbers, names, + - * /, comparisons, and, or, not, if … else."
    ),
    "formula_number": gettext_lazy("“%(part)s” is no number of a formula; write it plainly, like 1234.5."),
    "formula_function": gettext_lazy("There is no function “%(part)s”."),
    "formula_arguments": gettext_lazy(
        "The function “%(part)s” is given something that it does not take; a table or an input is named first."
    ),
    "formula_name": gettext_lazy("“%(part)s” is no name; names have small letters, digits and the joining sign."),
    # Meaning
    "weights": gettext_lazy("The weights inside add up to %(sum)s and must add up to %(expected)s."),
    "weight_not_positive": gettext_lazy("A weight must be above 0."),
    "number_missing": gettext_lazy("The number “%(name)s” is missing; without it the scheme cannot be published."),
    "unknown_parameter": gettext_lazy("There is no parameter “%(written)s”."),
    "unused_parameter": gettext_lazy("The parameter “%(name)s” is used nowhere."),
    "unknown_input": gettext_lazy("There is no input “%(written)s”."),
    "wrong_input": gettext_lazy("The input “%(written)s” is of the kind %(kind)s; this rule reads: %(known)s."),
    "unused_input": gettext_lazy("Nothing reads the input “%(name)s”."),
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
    "unknown_name": gettext_lazy("Nothing is called “%(written)s” here."),
    "unknown_rows": gettext_lazy("There is no table of rows “%(written)s”."),
    "unknown_table": gettext_lazy("There is no lookup table “%(written)s”."),
    "unknown_part": gettext_lazy("The measure has no part “%(written)s”."),
    "unknown_result": gettext_lazy("There is no result “%(written)s”."),
    "unknown_column": gettext_lazy("The table has no column “%(written)s”."),
    "unknown_status": gettext_lazy("There is no status “%(written)s” in the column."),
    "unknown_word": gettext_lazy("“%(written)s” is not among the words of “%(name)s”."),
    "unknown_level_word": gettext_lazy("“%(written)s” is not among the words that are looked up here."),
    "unknown_way": gettext_lazy("“%(written)s” is no way of reckoning here; known are: %(known)s."),
    "table_as_value": gettext_lazy(
        "“%(written)s” is a table of rows and has no value of its own: use sum, count or mean over it."
    ),
    "value_as_table": gettext_lazy("“%(written)s” has no rows to go through; a table is needed here."),
    "lookup_as_value": gettext_lazy("“%(written)s” is a lookup table: write lookup(%(written)s, …)."),
    "score_not_known_yet": gettext_lazy(
        "“%(written)s” is known only after everything is added up; results and red lines may name it, a rule may not."
    ),
    "rests_on_itself": gettext_lazy("“%(name)s” rests on itself: %(path)s."),
    "name_twice": gettext_lazy("“%(name)s” is the name of two things; nobody could tell them apart."),
    "name_reserved": gettext_lazy("“%(name)s” is a word of every scheme; choose another name."),
    "row_gap": gettext_lazy("A value of %(at)s lies in no row, between rows %(first)s and %(second)s."),
    "row_overlap": gettext_lazy("A value of %(at)s lies in two rows, %(first)s and %(second)s."),
    "row_empty": gettext_lazy("No value can lie in this row."),
    "word_twice": gettext_lazy("The word “%(name)s” has two rows."),
    "word_without_row": gettext_lazy("The word “%(name)s” has no row in the table “%(table)s”."),
    "no_choices": gettext_lazy("The parameter “%(name)s” chooses a way of reckoning and needs choices."),
    "column_of_numbers": gettext_lazy("The column “%(name)s” must hold numbers."),
    "column_of_choices": gettext_lazy("The column “%(name)s” must be a choice of statuses."),
    "status_without_deduction": gettext_lazy("No deduction is set for the status “%(name)s”."),
    "unfit_setting": gettext_lazy("“%(written)s” is no value of the parameter “%(name)s”."),
    "alternative_weight": gettext_lazy(
        "Only one of the alternatives counts, so each has the weight of the group: %(expected)s, not %(written)s."
    ),
    "check_is_no_comparison": gettext_lazy("A check compares two sides, like a + b == c."),
    "check_fails": gettext_lazy("“%(label)s” (%(label_en)s) does not hold: %(left)s %(sign)s %(right)s is not true."),
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
