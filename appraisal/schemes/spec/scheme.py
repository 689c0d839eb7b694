"""A scheme version: one document."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

from appraisal.schemes.expressions import names_in
from appraisal.schemes.spec.base import (
    Document,
    Key,
    Parameter,
    PeriodKind,
    Slug,
    Subject,
    Text,
    Words,
)
from appraisal.schemes.spec.grades import Check, Grades, RollUp, Total, Veto
from appraisal.schemes.spec.indicators import Branch, Indicator, indicators_below
from appraisal.schemes.spec.inputs import AnyInput
from appraisal.schemes.spec.outcomes import AnyOutcome
from appraisal.schemes.spec.results import AnyResult
from appraisal.schemes.spec.steps import STEP_NAMES, Step, StepKey, StepOrOff
from appraisal.schemes.spec.tables import Lookup, Variant

CatalogueId = Annotated[str, StringConstraints(pattern=r"^S[0-9]{3}-[0-9]{2}$")]


class Source(Document):
    """The text the scheme was read from."""

    file: Words
    clause: Words | None = None


class Scheme(Document):
    scheme: Slug
    ids: tuple[CatalogueId, ...] = ()
    title: Text
    source: Source
    valid_from: date
    subject: Subject
    population: Text | None = None
    period_kinds: Annotated[tuple[PeriodKind, ...], Field(min_length=1)]
    # How a doubtful passage of the source was read.
    notes: tuple[Text, ...] = ()
    parameters: dict[Key, Parameter] = {}
    variants: dict[Key, Variant] = {}
    tables: dict[Key, Lookup] = {}
    inputs: dict[Key, AnyInput] = {}
    # Without indicators there is no total: results, documents and comments alone.
    indicators: tuple[Branch, ...] = ()
    # What an indicator shows: its score of 100, or the points it earned out of its weight.
    marks: Literal["weights", "points"] = "weights"
    total: Total | None = None
    veto: tuple[Veto, ...] = ()
    # Who inherits the weight of an indicator that is left out: every other one, or those of its group.
    respread: Literal["across_all", "within_group"] = "across_all"
    grades: Grades | None = None
    roll_up: RollUp | None = None
    # Figures beside the score: amounts, rows, dates, flags. Outcomes may pay what they come to.
    results: dict[Key, AnyResult] = {}
    checks: tuple[Check, ...] = ()
    duties: tuple[Text, ...] = ()
    steps: dict[StepKey, StepOrOff]
    # What a cycle may switch on although the source does not ask for it.
    optional_steps: dict[StepKey, Step] = {}
    outcomes: dict[Key, AnyOutcome] = {}

    @field_validator("steps", mode="after")
    @classmethod
    def _every_step(cls, steps: dict[str, Step | None]) -> dict[str, Step | None]:
        """In the order of the walk; a step that is not written is off."""
        return {name: steps.get(name) for name in STEP_NAMES}

    # Equal schemes have the same name and date; hashing the whole tree would cost more than scoring with it.
    def __hash__(self) -> int:
        return hash((self.scheme, self.valid_from))

    def steps_with(self, switches: Mapping[str, bool]) -> dict[str, Step | None]:
        """The steps of a cycle that switched some of them on or off."""
        return {
            name: (step or self.optional_steps.get(name)) if switches.get(name, step is not None) else None
            for name, step in self.steps.items()
        }

    def rolls_up_into(self, period_kind: str) -> bool:
        """The total of such a period comes from those of shorter ones: no figure is asked for it."""
        return self.roll_up is not None and self.roll_up.into == period_kind

    def asks_for(self, key: str, period_kind: str) -> bool:
        """Whether somebody may give the input in a period of this kind."""
        periods = self.inputs[key].periods
        return not self.rolls_up_into(period_kind) and (not periods or period_kind in periods)

    def inputs_of(self, indicator: Indicator) -> tuple[str, ...]:
        """Every input that the rule of the indicator reads, by name or in its formulas."""
        named = [key for _, key, _ in indicator.score.inputs_named()]
        written = [one.name for _, text in indicator.score.formulas_written() for one in names_in(text)]
        return tuple(dict.fromkeys(key for key in (*named, *written) if key in self.inputs))

    @property
    def all_indicators(self) -> list[Indicator]:
        return indicators_below(self.indicators)
