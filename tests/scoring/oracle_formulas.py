"""Random formulas with what they come to, in fractions."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from hypothesis import strategies as st

NAMES = ("fa", "fb", "fc")
values = st.decimals(min_value=0, max_value=1000, places=1)


@dataclass(frozen=True)
class Worked:
    """`exact`: no quotient inside, so that comparing and rounding mean the same in decimals."""

    text: str
    value: Fraction
    exact: bool = True


Two = Callable[[Fraction, Fraction], Fraction]
TWO: dict[str, tuple[str, Two]] = {
    "+": ("({} + {})", lambda left, right: left + right), "-": ("({} - {})", lambda left, right: left - right),
    "*": ("({} * {})", lambda left, right: left * right), "min": ("min({}, {})", min), "max": ("max({}, {})", max),
}  # fmt: skip
ONE: dict[str, tuple[str, Callable[[Fraction], Fraction]]] = {
    "abs": ("abs({})", abs), "neg": ("(-{})", lambda value: -value),
    "floor": ("floor({})", lambda value: Fraction(floor(value))),
    "ceil": ("ceil({})", lambda value: Fraction(ceil(value))),
    "round": ("round({}, 1)", lambda value: half_up(value, 1)),
    "clamp": ("clamp({}, 10, 90.5)", lambda value: min(max(value, Fraction(10)), Fraction("90.5"))),
}  # fmt: skip


@st.composite
def formulas(draw: st.DrawFn, figures: dict[str, Fraction], depth: int = 3) -> Worked:
    if depth == 0 or draw(st.integers(0, 4)) == 0:
        if draw(st.booleans()):
            name = draw(st.sampled_from(sorted(figures)))
            return Worked(name, figures[name])
        number = draw(values)
        return Worked(f"{number:f}", Fraction(number))
    left, right = draw(formulas(figures, depth - 1)), draw(formulas(figures, depth - 1))
    kind = draw(st.sampled_from([*TWO, "/", *ONE, "if"]))
    if kind in TWO:
        pattern, work = TWO[kind]
        return Worked(pattern.format(left.text, right.text), work(left.value, right.value), left.exact and right.exact)
    if kind == "/":
        if abs(right.value) < Fraction(1, 10):
            return left
        return Worked(f"({left.text} / {right.text})", left.value / right.value, exact=False)
    if not left.exact:
        return left
    if kind in ONE:
        pattern, alone = ONE[kind]
        return Worked(pattern.format(left.text), alone(left.value))
    return draw(chosen(left, right, draw(formulas(figures, depth - 1))))


@st.composite
def chosen(draw: st.DrawFn, left: Worked, right: Worked, other: Worked) -> Worked:
    if not right.exact:
        return right
    sign = draw(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]))
    taken = left if compared(left.value, sign, right.value) else other
    text = f"({left.text} if {left.text} {sign} {right.text} else {other.text})"
    return Worked(text, taken.value, taken.exact)


def compared(left: Fraction, sign: str, right: Fraction) -> bool:
    return {
        "<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right,
        "==": left == right, "!=": left != right,
    }[sign]  # fmt: skip


def half_up(value: Fraction, places: int) -> Fraction:
    """Halves go away from zero."""
    scaled = abs(value) * 10**places
    whole = floor(scaled + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, 10**places)
