"""The process: which steps a scheme walks through, who holds each of them, and for how long."""

import re
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, GetJsonSchemaHandler, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from appraisal.schemes.spec.base import Document, Flag, Role, Roles, Text, Whole, Words

StepName = Literal[
    "planning",
    "tracking",
    "self_review",
    "scoring",
    "countersigning",
    "calibrating",
    "decided",
    "interviewing",
    "acknowledging",
    "appeal_window",
    "appealed",
    "improving",
]

STEP_NAMES: tuple[str, ...] = get_args(StepName)


def known_step(name: str) -> str:
    if name not in STEP_NAMES:
        expected = ", ".join(f"'{known}'" for known in STEP_NAMES)
        raise PydanticCustomError("literal_error", "one of {expected}", {"expected": expected})
    return name


StepKey = Annotated[str, AfterValidator(known_step), WithJsonSchema({"type": "string", "enum": list(STEP_NAMES)})]

DAYS = re.compile(r"^([1-9][0-9]{0,2}) (working|calendar) days?$")


class Days(Document):
    count: Annotated[Whole, Field(ge=1, le=999)]
    unit: Literal["working", "calendar"]

    def __str__(self) -> str:
        return f"{self.count} {self.unit} day{'' if self.count == 1 else 's'}"


def days(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    found = DAYS.match(value)
    if found is None:
        raise PydanticCustomError("days", "not a number of days")
    return Days(count=int(found[1]), unit="working" if found[2] == "working" else "calendar")


Span = Annotated[Days, BeforeValidator(days), WithJsonSchema({"type": "string", "pattern": DAYS.pattern})]
Offsets = tuple[Annotated[Whole, Field(ge=-99, le=99)], ...]


class Step(Document):
    """What somebody has to do and until when. `assumed` names the fields whose numbers the source does not give."""

    holder: Roles
    sign: Literal["one", "all"] = "one"
    within: Span | None = None
    of: Literal["entry", "period_start", "period_end", "release"] = "entry"
    # Working days relative to the due day: -1 is the day before.
    remind: Offsets = ()
    # Working days after the due day, and who is told then.
    escalate: dict[Annotated[int, Field(ge=1, le=99)], Role] = {}
    on_expiry: Literal["pass_over", "close_window", "wait"] = "wait"
    evidence: Literal["required", "optional", "off"] = "off"
    minutes: Annotated[Whole, Field(ge=1, le=600)] | None = None
    months: Annotated[Whole, Field(ge=1, le=60)] | None = None
    check_in_every: Span | None = None
    blind_first: Flag = False
    # Notices of rights cannot be switched off.
    rights: Flag = False
    # The name of the form or report that the step leaves.
    form: Text | None = None
    clause: Words | None = None
    assumed: tuple[Words, ...] = ()


def step_or_off(value: Any) -> Any:
    return None if value == "off" else value


class OrOff:
    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        step = next(kind for kind in handler(core)["anyOf"] if kind.get("type") != "null")
        return {"anyOf": [step, {"const": "off"}]}


StepOrOff = Annotated[Step | None, BeforeValidator(step_or_off), OrOff()]
