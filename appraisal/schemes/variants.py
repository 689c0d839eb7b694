"""A scheme as one of its variants: as the source has it, made runnable, or with parameters set another way."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from appraisal.schemes.problems import proposal
from appraisal.schemes.spec import Parameter, Scheme

RUNNABLE = "runnable"
SOURCE = "source"
Setting = Decimal | str


class UnknownVariantError(LookupError):
    def __init__(self, written: str, known: list[str]) -> None:
        self.written, self.known, self.near = written, ", ".join(known), proposal(written, known)
        guess = f"; {self.near!r}?" if self.near else ""
        super().__init__(f"unknown variant {written!r}; known: {self.known}{guess}")


@lru_cache(maxsize=256)
def runnable(scheme: Scheme) -> Scheme:
    """Every missing number that has a proposal takes it, as assumed."""
    adopted = {
        name: parameter.model_copy(update={"missing": None, "assumed": parameter.proposed, "proposed": None})
        for name, parameter in scheme.parameters.items()
        if parameter.missing and parameter.proposed is not None
    }
    return scheme.model_copy(update={"parameters": {**scheme.parameters, **adopted}}) if adopted else scheme


def vary(scheme: Scheme, variant: str | Mapping[str, Setting] | None) -> tuple[Scheme, dict[str, Setting]]:
    """The scheme, and the parameters set for it. Without a variant: the runnable one.

    Raises UnknownVariantError for a name or a parameter that the scheme does not have.
    """
    if variant is None or variant == RUNNABLE:
        return runnable(scheme), {}
    if variant == SOURCE:
        return scheme, {}
    if isinstance(variant, str):
        if variant not in scheme.variants:
            raise UnknownVariantError(variant, [RUNNABLE, SOURCE, *scheme.variants])
        variant = scheme.variants[variant].sets
    for name, value in variant.items():
        parameter = scheme.parameters.get(name)
        if parameter is None:
            raise UnknownVariantError(name, list(scheme.parameters))
        if not allowed(parameter, value):
            raise UnknownVariantError(str(value), list(parameter.choices) or ["a number"])
    return runnable(scheme), dict(variant)


def allowed(parameter: Parameter, value: Setting) -> bool:
    return value in parameter.choices if parameter.choices else isinstance(value, Decimal)
