"""Why a worked example or typed figures do not fit, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.scoring.refusals import CaseError, Refused

# Every sentence that scoring refuses with; scoring itself knows no languages.
SENTENCES = (
    gettext_lazy("'{written}' is no grade of {scheme}"),
    gettext_lazy("'{written}' is not a date; write it like 2026-03-31"),
    gettext_lazy("{name} depends on itself"),
    gettext_lazy("{scheme} does not roll up {count} periods"),
    gettext_lazy("{scheme} has no such input"),
    gettext_lazy("{scheme} has no such output"),
    gettext_lazy("{scheme} is not appraised by '{written}'; by {known}"),
    gettext_lazy("'{left}' cannot be compared with '{right}'"),
    gettext_lazy("a case is a list of keys with values"),
    gettext_lazy("a date is expected, not '{written}'"),
    gettext_lazy("a date like 2026-03-31 is expected, not '{written}'"),
    gettext_lazy("a day of the week is expected, not '{written}'"),
    gettext_lazy("a level or points are expected, not '{written}'"),
    gettext_lazy("a list is expected, not '{written}'"),
    gettext_lazy("a list of cases is expected"),
    gettext_lazy("a measure is expected"),
    gettext_lazy("a number is expected, not '{written}'"),
    gettext_lazy("a row is a list of columns with values"),
    gettext_lazy("a table has no single value; use sum, count or mean over its rows"),
    gettext_lazy("a time like 14:25 is expected, not '{written}'"),
    gettext_lazy("a whole number is expected, not '{written}'"),
    gettext_lazy("answers are counted of ratings and surveys"),
    gettext_lazy("at least {least} rows are needed, not {count}"),
    gettext_lazy("at most {most} rows are possible, not {count}"),
    gettext_lazy("incidents are expected"),
    gettext_lazy("keys with values are expected"),
    gettext_lazy("no deduction is set for severity '{written}'"),
    gettext_lazy("no deduction is set for the status '{written}'"),
    gettext_lazy("nobody answered: there is no net promoter score"),
    gettext_lazy("one of {known} is expected, not '{written}'"),
    gettext_lazy("points from {least} to {most} are expected"),
    gettext_lazy("ratings are expected"),
    gettext_lazy("rows are expected"),
    gettext_lazy("the figure of a survey is expected"),
    gettext_lazy("the scheme leaves out a number that this needs: {written}"),
    gettext_lazy("the values must add up to {whole}, not {sum}"),
    gettext_lazy("this column is missing"),
    gettext_lazy("this key is missing"),
    gettext_lazy("true or false is expected, not '{written}'"),
    gettext_lazy("unknown here; known are {known}"),
    gettext_lazy("unknown key; known are {known}"),
    gettext_lazy("unknown variant '{written}'; known: {known}"),
    gettext_lazy("yes or no is expected, not '{written}'"),
)


def refusal_words(error: Refused) -> str:
    reason = _(error.sentence).format(**error.params)  # the sentences are those above
    if not isinstance(error, CaseError):
        return reason
    words = {"key": error.key, "reason": reason, "near": error.near}
    if error.near:
        return _("%(key)s: %(reason)s (is “%(near)s” meant?)") % words
    return _("%(key)s: %(reason)s") % words
