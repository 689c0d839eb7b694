"""What the workings of results have in common."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from appraisal.schemes.spec import Rounding
from appraisal.scoring.bands import rounding_says, rounding_text
from appraisal.scoring.decimals import money, rounded, settled
from appraisal.scoring.explanation import Figure, Node, Said
from appraisal.scoring.leaf import Numbers
from appraisal.scoring.sheet import Reader, Sheet, Table, kind_of, written
from appraisal.scoring.values import Row, Value

TO_THE_CENT = Said("四舍五入到分", "half up to the cent")


@dataclass(frozen=True, slots=True)
class Job:
    """A result before anything is read."""

    name: str
    label: Said
    clause: str | None
    unit: Said | None
    numbers: Numbers

    def node(self, kind: str) -> Node:
        return Node(kind, self.name, self.label, self.clause)


def finished(value: Value, rounding: Rounding | None, *, in_money: bool) -> Value:
    """Rounded as it is declared; quotients are brought to 20 places, as totals are."""
    if not isinstance(value, Decimal):
        return value
    if in_money:
        return money(value)
    if rounding is not None:
        return rounded(value, rounding.places, rounding.mode)
    return settled(value)


def closing(text: str, rounding: Rounding | None, *, in_money: bool) -> str:
    """The formula of a value together with its rounding."""
    if in_money:
        return f"round({text}, 2)"
    return text if rounding is None else rounding_text(text, rounding)


def rounding_of(rounding: Rounding | None, *, in_money: bool) -> Said | None:
    if in_money:
        return TO_THE_CENT
    return None if rounding is None else rounding_says(rounding)


def keep_read(node: Node, reader: Reader) -> None:
    node.figures = (*node.figures, *reader.figures.values())
    node.used = tuple(reader.used.values())
    node.assumed = node.assumed or reader.assumed


def write_value(node: Node, value: Value) -> None:
    if isinstance(value, Decimal):
        node.value = value
    else:
        node.word = written(value)
        node.figures = (
            *node.figures,
            Figure("value", Decimal(0), "derived", None, None, None, node.word, kind_of(value)),
        )


def keep_table(
    sheet: Sheet, name: str, label: Said, source: Table, added: Mapping[str, str], new: Iterable[Row]
) -> None:
    """The rows of a result: those of its source with the columns that were worked out."""
    kinds = {**source.kinds, **{column: "flag" if kind == "flag" else kind for column, kind in added.items()}}
    sheet.tables[name] = Table(label, kinds, tuple(new))
