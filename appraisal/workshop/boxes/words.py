"""What the fields and words of a scheme document are called in a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from appraisal.workshop.words import INPUTS, PERIODS, ROLES

# The name of each kind of rule, and what it does in one sentence.
RULE_KINDS: Mapping[str, tuple[Any, Any]] = {
    "attainment": (
        _("Actual against target"),
        _("Actual ÷ target × 100: the more, the better. A gate and a cap may bound it."),
    ),
    "inverse": (_("Target against actual, less is better"), _("Target ÷ actual × 100: for times, costs and errors.")),
    "ratio": (
        _("One figure as a share of another"),
        _("The first figure in percent of the second, or that percentage against a target."),
    ),
    "growth": (
        _("Growth over an earlier figure"),
        _("By how many percent a figure is above an earlier one, or that growth against a target."),
    ),
    "figure": (_("The figure itself"), _("A figure, a rating or a survey as it is, on a scale of its own.")),
    "within": (
        _("Within two bounds"),
        _("Everything while the figure stays between two bounds; outside them a fixed share."),
    ),
    "step": (
        _("By steps from a target"),
        _("From the full points so much less for each step short of the target, and so much more beyond it."),
    ),
    "completeness": (
        _("Share that is complete, less errors"),
        _("The points by the share that is done, less so much for each error."),
    ),
    "either": (
        _("Several ways to the full points"),
        _("Each way has a figure to reach; the way that is best for the employee counts, or all together."),
    ),
    "deductions": (
        _("Deductions for incidents"),
        _("Points are taken off for each confirmed incident by its severity; some may leave nothing at all."),
    ),
    "items": (
        _("Work items by their status"),
        _("A table of work items: each loses a share of its value, or points, by its status."),
    ),
    "mean": (_("Mean of ratings"), _("The mean of what the raters gave, brought to 100.")),
    "survey": (_("Survey"), _("The figure of a survey, brought to 100.")),
    "mix": (_("Several groups of raters"), _("Ratings, surveys or figures together, each with its share.")),
    "expr": (_("Formula"), _("A formula over inputs, parameters, results and other indicators.")),
    "met": (_("A condition: all or nothing"), _("All points while the condition holds, otherwise none.")),
}

INPUT = _("What it reads")
FORMULA_HELP = _("Numbers, names, + - * /, comparisons, and, or, not, if … else; min, max, sum, count and others.")
# Label and help, by the field of the document.
FIELDS: Mapping[str, Any] = {
    "label": pgettext_lazy("part of a scheme", "Name"),
    "weight": _("Weight"),
    "score": _("Rule"),
    "clause": (_("Clause"), _("The words of the source, or where they stand in it.")),
    "definition": _("Definition"),
    "when": (_("Only when"), _("A condition: for whom it counts. Left empty: for everybody.")),
    "otherwise": _("What becomes of the weight otherwise"),
    "alternatives": (_("Alternatives"), _("Only the first that applies counts; each has the whole weight.")),
    "floor": (_("At least"), _("No fewer points or percent than this.")),
    "cap": (_("At most"), _("No more points or percent than this.")),
    "floor_when": _("The floor holds only when"),
    "weights": _("How the weights inside count"),
    "gives": _("The rule gives"),
    "gate": (_("Gate"), _("Below this percentage it gives nothing.")),
    "target": _("Target"),
    "over": _("Measured against"),
    "remainder": _("What is left to 100 %"),
    "out_of": _("Full marks of its scale"),
    "least": _("From (included)"),
    "most": _("At most (included)"),
    "outside": _("Outside it gives"),
    "per": _("Size of a step"),
    "minus": _("Taken off for each step"),
    "plus": _("Added for each step beyond"),
    "zero_beyond": _("Beyond this nothing is left"),
    "partial": _("A step that is not full"),
    "of": _("Figure"),
    "reach": _("Figure to reach"),
    "errors": _("Errors"),
    "each_error": _("Taken off for each error"),
    "either": _("Ways"),
    "combine": _("Which way counts"),
    "start": (_("Points to start from"), _("Left empty: 100, or the weight.")),
    "each": _("Taken off for each"),
    "leaves_nothing": _("Leaves nothing at all"),
    "status": _("Column with the status"),
    "value": _("Column with the points of an item"),
    "off": _("Taken off by status"),
    "takes": _("What is taken off"),
    "without": _("Without any item"),
    "mix": _("Groups"),
    "absent": _("Without an answer"),
    "expr": (_("Formula"), FORMULA_HELP),
    "met": (_("Condition"), FORMULA_HELP),
    "round": _("Rounding"),
    "places": _("Decimal places"),
    "mode": _("Way of rounding"),
    "rests_on": _("Parameters that the definition speaks of"),
    "looks_at": _("What to look at"),
    "periods": (_("Kinds of period"), _("In which the figure exists. None chosen: in all.")),
    "scored": (_("Counts for the score"), _("Otherwise it is only followed and shown.")),
    "required": (_("Required"), _("Without it there is no result; otherwise what needs it is left out.")),
    "type": _("Type"),
    "unit": _("Unit"),
    "choices": _("Choices"),
    "better": _("Which is better"),
    "owner": _("Who gives it"),
    "by": _("Who gives it"),
    "split": _("Parts"),
    "key": _("Short name"),
    "raters": _("Who exactly"),
    "scale": _("Scale"),
    "points": _("Points"),
    "levels": _("Levels"),
    "level": _("Short name"),
    "anchor": _("What can be seen at this level"),
    "anonymous": _("Anonymous"),
    "at_least": _("Smallest number of answers"),
    "below_minimum": _("With fewer answers"),
    "form": _("Kind of survey"),
    "confirmed_by": _("Who confirms it"),
    "severities": _("Severities"),
    "examples": _("Examples"),
    "columns": _("Columns"),
    "default": (_("What an empty cell stands for"), _("A number, a word, true or false.")),
    "at_least_rows": _("Fewest rows"),
    "at_most_rows": _("Most rows"),
    "expected": _("Expected documents"),
    "note": _("Note"),
    "grade": _("Grade"),
    "lower": _("From"),
    "upper": _("To"),
    "bound": _("Bound"),
    "attainment": INPUT, "inverse": INPUT, "ratio": INPUT, "growth": INPUT, "figure": INPUT, "within": INPUT,
    "step": INPUT, "completeness": INPUT, "deductions": INPUT, "items": INPUT, "mean": INPUT, "survey": INPUT,
}  # fmt: skip

HALF_UP = _("half up (commercial)")
WORDS: Mapping[str, Any] = {
    "left_out": _("left out, the others share the weight"),
    "full": _("given in full"),
    "zero": _("lost"),
    "of_total": _("shares of the whole; they add up to the weight of the group"),
    "of_group": _("shares of the group; they add up to 100"),
    "gives.percent": _("percent of the weight"),
    "gives.points": _("points directly"),
    "takes.share": _("a share in percent of the item's points"),
    "takes.points": _("points"),
    "whole": _("counts only when it is full"),
    "up": _("counts as a full one"),
    "pro_rata": _("counts by its part"),
    "mode.up": _("up"),
    "down": _("down"),
    "half_up": HALF_UP,
    "half_even": _("half to the even digit"),
    "best": _("the best for the employee"),
    "sum": _("all together"),
    "respread": _("the others share its weight"),
    "absent.missing": _("nothing can be said yet"),
    "stated": _("stated by the source"),
    "assumed": _("our own choice (assumed)"),
    "number": pgettext_lazy("type of a value", "number"),
    "choice": pgettext_lazy("type of a value", "choice"),
    "flag": pgettext_lazy("type of a value", "yes or no"),
    "date": pgettext_lazy("type of a value", "date"),
    "time": pgettext_lazy("type of a value", "time of day"),
    "text": pgettext_lazy("type of a value", "text"),
    "money": pgettext_lazy("type of a value", "money"),
    "person": pgettext_lazy("type of a value", "person"),
    "higher": _("higher is better"),
    "lower": _("lower is better"),
    "target.required": _("comes with the figure, required"),
    "target.optional": _("may come with the figure"),
    "target.none": _("has none"),
    "leave_out": _("left out"),
    "count_hidden": _("counted, but not shown"),
    "form.points": _("points"),
    "nps": _("net promoter score"),
}


def field_label(name: str) -> Any:
    found = FIELDS.get(name, name)
    return found[0] if isinstance(found, tuple) else found


def field_help(name: str) -> Any:
    found = FIELDS.get(name, "")
    return found[1] if isinstance(found, tuple) else ""


def choice_words(name: str, word: str) -> Any:
    """The word as people read it: for this field, or the same everywhere."""
    for table, key in ((WORDS, f"{name}.{word}"), (WORDS, word), (ROLES, word), (PERIODS, word), (INPUTS, word)):
        if key in table:
            return table[key]
    return word
