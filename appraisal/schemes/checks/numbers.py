"""Finding and reading the numbers of a scheme."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from appraisal.schemes.spec import Number, Scheme


def numbers_of(part: Any, key: str) -> Iterator[tuple[str, Number]]:
    """Every number below, with the key under which a reader finds it."""
    if isinstance(part, Number):
        yield key, part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from numbers_of(getattr(part, name), f"{key}.{name}" if key else name)
    elif isinstance(part, dict):
        for name, value in part.items():
            yield from numbers_of(value, f"{key}.{name}")
    elif isinstance(part, tuple):
        for index, value in enumerate(part):
            yield from numbers_of(value, f"{key}[{index + 1}]")


def value_of(scheme: Scheme, number: Number | None) -> Decimal | None:
    if number is None:
        return None
    if number.parameter is not None:
        parameter = scheme.parameters.get(number.parameter)
        return parameter.number if parameter else None
    return number.assumed if number.value is None else number.value
