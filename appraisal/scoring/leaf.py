"""What the kinds of rule have in common: the numbers they read from the scheme, and the node they leave."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from appraisal.schemes.spec import Indicator, Number, PeriodKind, Pick, Scheme, Text
from appraisal.scoring.explanation import Figure, Node, Said, Used
from appraisal.scoring.refusals import Refused

if TYPE_CHECKING:
    from appraisal.scoring.sheet import Sheet

ONE_OF = "one of {known} is expected, not '{written}'"
ABSENT_HERE = Said(
    "本类考核周期没有该数据，不计入，权重由其余指标分担。",
    "Does not exist in this kind of period: left out, the others share its weight.",
)


@dataclass(frozen=True, slots=True)
class Missing:
    """Why there is no score yet. `reason`: not_given, no_target, target_not_positive, parameter, period."""

    indicator: str
    key: str
    reason: str
    label: Said

    def to_json(self) -> dict[str, Any]:
        return {
            "indicator": self.indicator,
            "key": self.key,
            "reason": self.reason,
            "label": self.label.to_json(),
        }


class UnfitInputError(Refused, ValueError):
    """A figure that cannot belong to this scheme: the wrong kind, off the scale, an unknown severity."""

    def __init__(self, key: str, sentence: str, **params: object) -> None:
        super().__init__(sentence, **params)
        self.key = key

    def __str__(self) -> str:
        return f"{self.key}: {self.reason}"


@dataclass(slots=True)
class Numbers:
    """Reads numbers of the scheme: written in place, or kept as parameters that a cycle may set."""

    scheme: Scheme
    overrides: Mapping[str, Decimal | str]
    missing: list[str] = field(default_factory=list)
    # While a plan is made, what is missing is noted; afterwards thousands of people read the same numbers.
    noting: bool = True
    # What the scheme calls its parts, and how its formulas read by those names: the same for everybody.
    labels: dict[str, Said] = field(default_factory=dict)
    readings: dict[tuple[str, str | None, int], str] = field(default_factory=dict)

    def figure(self, name: str, number: Number) -> Figure | None:
        if number.parameter is None:
            value = number.assumed if number.value is None else number.value
            origin = "stated" if number.assumed is None else "assumed"
            return self._found(name, value, Figure(name, value or Decimal(0), origin, clause=number.clause))
        return self.setting(number.parameter, name)

    def setting(self, key: str, name: str = "") -> Figure | None:
        """The parameter as it stands for this cycle; a choice has its word beside the number 0."""
        parameter = self.scheme.parameters[key]
        value = self.overrides.get(key, parameter.setting)
        origin = "stated" if parameter.assumed is None else "assumed"
        origin = "set" if key in self.overrides else origin
        label = said(parameter.label)
        unit = said(parameter.unit) if parameter.unit else None
        found = Figure(name or key, Decimal(0), origin, unit, label, parameter.clause)
        if isinstance(value, str):
            found.word, found.kind = value, "word"
        elif value is not None:
            found.value = value
        return self._found(key, value, found)

    def _found(self, name: str, value: Decimal | str | None, figure: Figure) -> Figure | None:
        if value is None:
            if self.noting:
                self.missing.append(name)
            return None
        return figure

    def pick(self, pick: Pick, known: tuple[str, ...]) -> str:
        """The way of reckoning that is chosen."""
        word = pick.word
        if pick.parameter is not None:
            figure = self.setting(pick.parameter)
            word = figure.word if figure else known[0]
        if word not in known:
            known_words = ", ".join(known)
            raise UnfitInputError(pick.parameter or "", ONE_OF, known=known_words, written=word)
        return word


@dataclass(slots=True)
class Head:
    """What is known of an indicator before any figure is read, and the maker of its node."""

    indicator: str
    rule: str
    label: Said
    clause: str | None
    weight: Decimal
    weight_origin: str
    figures: tuple[Figure, ...] = ()
    assumed: bool = False
    # The weight, where the rule gives points; nothing where it gives percent of the weight.
    out_of: Decimal | None = None

    def counted(
        self,
        value: Decimal,
        branch: str,
        sentence: Said,
        used: tuple[Used, ...],
        derived: tuple[Figure, ...] = (),
        formulas: tuple[tuple[str, str], ...] = (),
    ) -> Node:
        return Node(
            self.rule,
            self.indicator,
            self.label,
            self.clause,
            self.weight,
            self.weight_origin,
            self.weight,
            value,
            None,
            "counted",
            branch,
            sentence,
            used,
            self.figures + derived,
            None,
            self.assumed,
            formulas,
            self.out_of,
        )

    def left_out(self, branch: str, sentence: Said, used: tuple[Used, ...] = ()) -> Node:
        node = self.counted(Decimal(0), branch, sentence, used)
        node.value, node.counted_weight, node.status = None, None, "left_out"
        return node

    def missing(self, key: str, reason: str, label: Said) -> tuple[Node, Missing]:
        node = self.left_out(reason, Said(f"缺少：{label.zh}", f"Missing: {label.en}"))
        node.status = "missing"
        return node, Missing(self.indicator, key, reason, label)


Judged = Node | tuple[Node, Missing]
Judge = Callable[["Sheet"], Judged]


@dataclass(slots=True)
class Bench:
    """What a kind of rule is set up with."""

    scheme: Scheme
    numbers: Numbers
    indicator: Indicator
    head: Head

    def figure(self, name: str, number: Number | None, label: Said | None = None) -> Decimal | None:
        """A number of the rule, which the explanation then shows."""
        if number is None:
            return None
        figure = self.numbers.figure(name, number)
        if figure is None:
            return None
        rule = self.indicator.score
        if name in type(rule).model_fields and name not in rule.model_fields_set:
            figure.origin = "rule"
        figure.label = figure.label or label
        figure.keep()
        self.head.figures += (figure,)
        self.head.assumed |= figure.origin == "assumed"
        return figure.value


def said(text: Text) -> Said:
    return Said(text.zh, text.en)


def exists_in(scheme: Scheme, key: str, period_kind: PeriodKind) -> bool:
    periods = scheme.inputs[key].periods
    return not periods or period_kind in periods
