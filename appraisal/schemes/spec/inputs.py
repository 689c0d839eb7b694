"""The six kinds of input. Every figure that a rule reads is one of these."""

from typing import Annotated, Literal

from pydantic import Field

from appraisal.schemes.spec.base import Document, Flag, Key, Number, PeriodKind, Role, Roles, Text, Unit, Words


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


class Part(Document):
    key: Key
    label: Text


class Measure(Input):
    kind: Literal["measure"]
    unit: Unit
    better: Literal["higher", "lower"] = "higher"
    owner: Role
    target: Literal["required", "optional", "none"] = "none"
    split: tuple[Part, ...] = ()


class Level(Document):
    points: Number
    label: Text


class Scale(Document):
    """Points from 0 to the top, or named levels that stand for points."""

    points: Number
    levels: tuple[Level, ...] = ()


class Rating(Input):
    kind: Literal["rating"]
    by: Role
    scale: Scale
    anonymous: Flag = False
    at_least: Number | None = None
    below_minimum: Literal["leave_out", "count_hidden"] = "leave_out"


class Survey(Input):
    kind: Literal["survey"]
    by: Role
    owner: Role = "hr"
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
    type: Literal["text", "number", "money", "date", "person", "choice"]
    unit: Unit | None = None
    choices: tuple[Words, ...] = ()


class Ledger(Input):
    kind: Literal["ledger"]
    owner: Role
    columns: Annotated[dict[Key, Column], Field(min_length=1)]


class Deliverable(Input):
    kind: Literal["document"]
    by: Role
    required: Flag = False


AnyInput = Annotated[
    Measure | Rating | Survey | Incident | Ledger | Deliverable,
    Field(discriminator="kind"),
]
