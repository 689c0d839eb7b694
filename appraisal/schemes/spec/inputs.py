"""The six kinds of input. Every figure that a rule reads is one of these."""

from typing import Annotated, Literal

from pydantic import Field

from appraisal.schemes.spec.base import (
    Document,
    Flag,
    Key,
    Number,
    PeriodKind,
    Role,
    Roles,
    Setting,
    Text,
    Unit,
    Whole,
    Words,
)


class Input(Document):
    label: Text
    clause: Words | None = None
    definition: Text | None = None
    # The parameters that the definition speaks of.
    rests_on: tuple[Key, ...] = ()
    # What the person who gives the figure should look at.
    looks_at: tuple[Text, ...] = ()
    # The kinds of period in which the figure exists; empty: in all of them.
    periods: tuple[PeriodKind, ...] = ()
    # Followed and shown, without points of its own.
    scored: Flag = True
    # Without it there is no result; otherwise what needs it is left out.
    required: Flag = True


class Part(Document):
    key: Key
    label: Text


class Measure(Input):
    """A figure of the subject in the period: a number, or a fact about it (a word of a choice, yes or no, a date)."""

    kind: Literal["measure"]
    type: Literal["number", "choice", "flag", "date", "time"] = "number"
    unit: Unit = Text(zh="—", en="—")
    choices: dict[Key, Text] = {}
    better: Literal["higher", "lower"] = "higher"
    owner: Role
    target: Literal["required", "optional", "none"] = "none"
    split: tuple[Part, ...] = ()


class Level(Document):
    """A named level; its key is what a rater may answer instead of the points."""

    level: Key | None = None
    points: Number
    label: Text
    # What can be seen when somebody is on this level.
    anchor: Text | None = None


class Scale(Document):
    """Points from 0 to the top, or named levels that stand for points."""

    points: Number
    levels: tuple[Level, ...] = ()


class Rating(Input):
    kind: Literal["rating"]
    by: Role
    # Who exactly, where the role alone does not say it: the group leaders, the system analyst.
    raters: Text | None = None
    scale: Scale
    anonymous: Flag = False
    at_least: Number | None = None
    below_minimum: Literal["leave_out", "count_hidden"] = "leave_out"


class Survey(Input):
    """Points as they were answered, or a net promoter score from -100 to 100, brought to a scale of 100."""

    kind: Literal["survey"]
    by: Role
    owner: Role = "hr"
    form: Literal["points", "nps"] = "points"
    scale: Scale
    at_least: Number | None = None


class Severity(Document):
    label: Text
    examples: Text | None = None


class Incident(Input):
    kind: Literal["incident"]
    confirmed_by: Roles
    severities: Annotated[dict[Key, Severity], Field(min_length=1)]


class Column(Document):
    label: Text
    type: Literal["text", "number", "money", "date", "time", "person", "choice", "flag"]
    unit: Unit | None = None
    choices: dict[Key, Text] = {}
    required: Flag = True
    # What an empty cell stands for.
    default: Setting | Flag | None = None


class Ledger(Input):
    kind: Literal["ledger"]
    owner: Role
    columns: Annotated[dict[Key, Column], Field(min_length=1)]
    # No row is an answer too: nothing happened.
    at_least_rows: Annotated[Whole, Field(ge=0, le=1000)] = 0
    at_most_rows: Number | None = None


class Deliverable(Input):
    """Documents to be handed in: each with its version, due day, status and quality."""

    kind: Literal["document"]
    by: Role
    required: Flag = False
    # What is expected, by name; empty: any document counts.
    expected: dict[Key, Text] = {}


AnyInput = Annotated[
    Measure | Rating | Survey | Incident | Ledger | Deliverable,
    Field(discriminator="kind"),
]

# What each row of a document input can be asked for in a formula.
DOCUMENT_COLUMNS: dict[str, str] = {
    "document": "text", "status": "text", "quality": "number", "version": "number", "due": "date", "handed_in": "date",
}  # fmt: skip
INCIDENT_COLUMNS: dict[str, str] = {"severity": "text", "day": "date"}


def columns_of(spec: "AnyInput") -> dict[str, str] | None:
    """The columns by their type, where the input is a table of rows for formulas."""
    if isinstance(spec, Ledger):
        return {name: column.type for name, column in spec.columns.items()}
    if isinstance(spec, Deliverable):
        return DOCUMENT_COLUMNS
    return INCIDENT_COLUMNS if isinstance(spec, Incident) else None
