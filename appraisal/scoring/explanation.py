"""The explanation of a score is the tree of its own computation."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, Self

from appraisal.scoring.decimals import HUNDRED, plain
from appraisal.scoring.inputs import Source


class Said(NamedTuple):
    zh: str
    en: str

    def to_json(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}


SILENT = Said("", "")
PERCENT = Said("%", "%")
NAMES = {
    "actual": Said("实际", "Actual"),
    "target": Said("目标", "Target"),
    "attained": Said("完成率", "Attained"),
    "percent": Said("比率", "Ratio"),
    "cap": Said("封顶", "Cap"),
    "floor": Said("下限", "Floor"),
    "gate": Said("门槛", "Gate"),
    "scale": Said("满分", "Top of the scale"),
    "at_least": Said("最少人数", "Smallest number"),
    "count": Said("数量", "Count"),
    "mean": Said("平均", "Mean"),
    "rating": Said("评分", "Rating"),
    "points": Said("得分", "Points"),
    "answers": Said("答卷数", "Answers"),
    "start": Said("起始分", "Points to start from"),
    "lower": Said("等级下界", "Lower bound"),
    "upper": Said("等级上界", "Upper bound"),
}


@dataclass(slots=True)
class Figure:
    """A number that took part.

    `origin`: stated by the source, assumed, set for the cycle, rule (nobody wrote it, the kind of rule has it),
    given, or derived.
    """

    name: str
    value: Decimal
    origin: str = "derived"
    unit: Said | None = None
    label: Said | None = None
    clause: str | None = None
    # What stands for it where it is no number: a word, yes or no, a day.
    word: str | None = None
    kind: str = "number"
    # Numbers of the scheme are the same in thousands of explanations: written once.
    written: dict[str, Any] | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.label is None:
            self.label = NAMES.get(self.name)

    def keep(self) -> None:
        self.written = self.to_json()

    def to_json(self) -> dict[str, Any]:
        return self.written or {
            "name": self.name,
            "value": plain(self.value),
            "origin": self.origin,
            "unit": self.unit and self.unit.to_json(),
            "label": self.label and self.label.to_json(),
            "clause": self.clause,
            **({} if self.word is None else {"word": self.word, "kind": self.kind}),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            **{**data, "value": Decimal(data["value"]), "unit": _said(data["unit"]), "label": _said(data["label"])}
        )


@dataclass(slots=True)
class Used:
    """An input that was read, what it said, and who gave it. Raters who are anonymous have no sources here."""

    key: str
    label: Said
    figures: tuple[Figure, ...] = ()
    sources: tuple[Source, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "label": self.label.to_json(),
            "figures": [figure.to_json() for figure in self.figures],
            "sources": [{"who": s.who, "when": s.when.isoformat(), "how": s.how} for s in self.sources],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            key=data["key"],
            label=Said(**data["label"]),
            figures=tuple(Figure.from_json(figure) for figure in data["figures"]),
            sources=tuple(Source(s["who"], datetime.fromisoformat(s["when"]), s["how"]) for s in data["sources"]),
        )


NUMBERS = ("weight", "counted_weight", "value", "contribution", "out_of")


@dataclass(slots=True)
class Node:
    """One step of the computation.

    `weight` is the scheme's share of 100, `counted_weight` what of it took part, `contribution` the points that
    reached the total. `status`: counted, left_out (its weight went to the others), missing (nothing can be said yet).
    """

    rule: str
    key: str
    label: Said
    clause: str | None = None
    weight: Decimal | None = None
    weight_origin: str = "stated"
    counted_weight: Decimal | None = None
    value: Decimal | None = None
    contribution: Decimal | None = None
    status: str = "counted"
    branch: str = ""
    sentence: Said = SILENT
    used: tuple[Used, ...] = ()
    figures: tuple[Figure, ...] = ()
    rounding: Said | None = None
    assumed: bool = False
    # How the figures and the value were worked out, in order: what, and the formula over the figures.
    formulas: tuple[tuple[str, str], ...] = ()
    # What the value is out of; nothing: out of 100.
    out_of: Decimal | None = None
    # A result that is no number: a word, yes or no, a day, a list.
    word: str | None = None
    children: list["Node"] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "key": self.key,
            "label": self.label.to_json(),
            "clause": self.clause,
            "weight": _plain(self.weight),
            "weight_origin": self.weight_origin,
            "counted_weight": _plain(self.counted_weight),
            "value": _plain(self.value),
            "contribution": _plain(self.contribution),
            "status": self.status,
            "branch": self.branch,
            "sentence": self.sentence.to_json(),
            "used": [used.to_json() for used in self.used],
            "figures": [figure.to_json() for figure in self.figures],
            "rounding": self.rounding and self.rounding.to_json(),
            "assumed": self.assumed,
            "formulas": [list(formula) for formula in self.formulas],
            "out_of": _plain(self.out_of),
            "word": self.word,
            "children": [child.to_json() for child in self.children],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        numbers = {name: _decimal(data.get(name)) for name in NUMBERS}
        parts = {
            "label": _said(data["label"]),
            "sentence": _said(data["sentence"]),
            "rounding": _said(data["rounding"]),
            "used": tuple(Used.from_json(used) for used in data["used"]),
            "figures": tuple(Figure.from_json(figure) for figure in data["figures"]),
            "formulas": tuple((what, text) for what, text in data.get("formulas", ())),
            "children": [cls.from_json(child) for child in data["children"]],
        }
        return cls(**{**data, **numbers, **parts})

    @property
    def points(self) -> Decimal | None:
        """What it earned out of its weight, before anybody else's weight is shared out."""
        if self.value is None or self.weight is None:
            return None
        return self.value if self.out_of is not None else self.value * self.weight / HUNDRED

    def find(self, key: str) -> "Node | None":
        """The node of an indicator or group, wherever it stands."""
        if self.key == key:
            return self
        return next((found for child in self.children if (found := child.find(key))), None)


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _said(data: dict[str, str] | None) -> Any:
    return None if data is None else Said(**data)
