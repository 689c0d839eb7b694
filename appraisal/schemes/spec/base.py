"""What every part of a scheme document is made of: texts, exact numbers, and numbers that say where they come from."""

import re
from decimal import Decimal
from typing import Annotated, Any, Literal, Self, TypeVar, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from appraisal.schemes.expressions import ExpressionError, parse

PeriodKind = Literal["week", "month", "two_months", "quarter", "half_year", "year", "project", "phase", "ad_hoc"]
Subject = Literal["person", "team", "department", "organisation"]

Role = Literal[
    "employee",
    "manager",
    "second_level",
    "hr",
    "hr_partner",
    "sales_director",
    "legal",
    "finance",
    "operations",
    "data_owner",
    "peers",
    "subordinates",
    "customers",
    "department",
    "executives",
    "panel",
    "mentor",
    "system",
]

MAX_DIGITS = 18
PLAIN_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")


def exact(value: object) -> Decimal:
    """A decimal from a whole number, a decimal or its text. A float has lost its digits already."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise PydanticCustomError("exact_number", "not an exact number")
    if isinstance(value, str) and not PLAIN_NUMBER.fullmatch(value):
        raise PydanticCustomError("exact_number", "not an exact number")
    number = Decimal(value)
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int):
        raise PydanticCustomError("exact_number", "not an exact number")
    if abs(number.adjusted()) > MAX_DIGITS or abs(exponent) > MAX_DIGITS:
        raise PydanticCustomError("number_size", "more digits than can be kept")
    return number


NUMBER_SCHEMA: dict[str, Any] = {
    "anyOf": [{"type": "number"}, {"type": "string", "pattern": f"^{PLAIN_NUMBER.pattern}$"}]
}
Exact = Annotated[Decimal, BeforeValidator(exact), WithJsonSchema(NUMBER_SCHEMA)]
Whole = Annotated[int, Strict()]
Flag = Annotated[bool, Strict()]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
Grade = Annotated[str, StringConstraints(min_length=1, max_length=20, strip_whitespace=True)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]


def formula(written: object) -> str:
    if isinstance(written, int | Decimal) and not isinstance(written, bool):
        written = f"{written:f}" if isinstance(written, Decimal) else str(written)
    if not isinstance(written, str):
        raise PydanticCustomError("formula_unreadable", "not a formula")
    try:
        parse(written)
    except ExpressionError as error:
        raise PydanticCustomError(error.code, "{part}", {"part": error.written}) from error
    return written


Expr = Annotated[str, BeforeValidator(formula), WithJsonSchema({"type": ["string", "number"]})]


def setting(written: object) -> Decimal | str:
    """A number, or one of the words that the setting may have."""
    if isinstance(written, str) and not PLAIN_NUMBER.fullmatch(written):
        return written
    return exact(written)


Setting = Annotated[Decimal | str, BeforeValidator(setting), WithJsonSchema({"type": ["string", "number"]})]


class Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Document):
    """The same words in Chinese and in English."""

    zh: Words
    en: Words


def unit(value: Any) -> Any:
    return {"zh": value, "en": value} if isinstance(value, str) else value


# A unit that reads the same in both languages is written once.
Unit = Annotated[
    Text,
    BeforeValidator(unit),
    WithJsonSchema({"anyOf": [{"type": "string", "minLength": 1}, Text.model_json_schema()]}),
]


class Number(Document):
    """A number of a rule. Written bare, it is the source's own; otherwise it says that it is assumed or missing,
    or names the parameter that holds it."""

    value: Exact | None = None
    assumed: Exact | None = None
    missing: Literal[True] | None = None
    parameter: Key | None = None
    clause: Words | None = None

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: Any) -> Any:
        return data if isinstance(data, dict | Number) else {"value": data}

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        return one_of(self, "value", "assumed", "missing", "parameter")

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        schema: dict[str, Any] = handler(core)
        return {"anyOf": [*NUMBER_SCHEMA["anyOf"], schema]}


class Span(Document):
    """From its lower to its upper bound; each bound says whether it belongs, and a side without one is open."""

    at_least: Number | None = None
    above: Number | None = None
    at_most: Number | None = None
    below: Number | None = None

    @model_validator(mode="after")
    def _one_bound_a_side(self) -> Self:
        if (self.at_least and self.above) or (self.at_most and self.below):
            raise PydanticCustomError("two_bounds", "one bound for each side")
        return self

    @property
    def lower(self) -> Number | None:
        return self.at_least or self.above

    @property
    def upper(self) -> Number | None:
        return self.at_most or self.below


class Parameter(Document):
    """A number or a choice that HR may set: given by the source, assumed because the source leaves it out, or missing.

    What is missing may have a proposal; the runnable variant of the scheme takes it as assumed.
    """

    label: Text
    # Before the settings, which must be among them.
    choices: dict[Key, Text] = {}
    value: Setting | None = None
    assumed: Setting | None = None
    missing: Literal[True] | None = None
    proposed: Setting | None = None
    unit: Unit | None = None
    clause: Words | None = None
    # Why it is asked, or how the source was read.
    note: Text | None = None

    @field_validator("value", "assumed", "proposed", mode="after")
    @classmethod
    def _among_its_choices(cls, setting: Decimal | str | None, info: ValidationInfo) -> Decimal | str | None:
        choices = info.data.get("choices", {})
        if setting is not None and choices and setting not in choices:
            context = {"expected": ", ".join(f"'{name}'" for name in choices)}
            raise PydanticCustomError("literal_error", "one of {expected}", context)
        if isinstance(setting, str) and not choices:
            raise PydanticCustomError("exact_number", "not an exact number")
        return setting

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if self.proposed is not None and not self.missing:
            raise PydanticCustomError("one_of", "exactly one of {fields}", {"fields": "missing + proposed, assumed"})
        return one_of(self, "value", "assumed", "missing")

    @property
    def setting(self) -> Decimal | str | None:
        return self.assumed if self.value is None else self.value

    @property
    def number(self) -> Decimal | None:
        return self.setting if isinstance(self.setting, Decimal) else None


D = TypeVar("D", bound=Document)


def one_of(document: D, *fields: str) -> D:
    given = [field for field in fields if getattr(document, field) is not None]
    if len(given) != 1:
        raise PydanticCustomError("one_of", "exactly one of {fields}", {"fields": ", ".join(fields)})
    return document


def listed(value: Any) -> Any:
    """One word may be written without the brackets of a list."""
    return (value,) if isinstance(value, str) else value


def list_or_one(items: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [items, {"type": "array", "items": items, "minItems": 1}]})


ROLE_SCHEMA: dict[str, Any] = {"type": "string", "enum": list(get_args(Role))}
Roles = Annotated[tuple[Role, ...], BeforeValidator(listed), Field(min_length=1), list_or_one(ROLE_SCHEMA)]
