"""The arithmetic of scores: decimals in a context of their own, rounded only where a rule says so."""

from decimal import (
    ROUND_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

ZERO = Decimal(0)
HUNDRED = Decimal(100)
CENT = Decimal("0.01")
# Quotients carry 34 digits; a sum of them is brought back to 20 places, so that 85.00…01 decides no grade.
CONTEXT = Context(prec=34, rounding=ROUND_HALF_EVEN, traps=[DivisionByZero, InvalidOperation, Overflow])
SETTLED = Decimal("1e-20")
# A quotient that never ends fills all the digits; what people enter ends long before.
ENDS_WITHIN = 16

MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN, "up": ROUND_UP}


def settled(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    return value.quantize(SETTLED, context=CONTEXT) if isinstance(exponent, int) and exponent < -20 else value


def rounded(value: Decimal, places: int, mode: str) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=MODES[mode], context=CONTEXT)


def money(value: Decimal) -> Decimal:
    """An amount as it is paid to one person: to the cent, half up."""
    return value.quantize(CENT, rounding=ROUND_HALF_UP, context=CONTEXT)


def plain(value: Decimal) -> str:
    """The one spelling of a number: no exponent, no idle zeros."""
    text = str(value)
    if "E" in text:
        text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def shown(value: Decimal) -> str:
    """For reading: exact while the decimals end, else half up to two places; thousands set apart."""
    text = plain(value)
    point = text.find(".")
    if point < 0:
        return text if len(text) <= 3 else format(value, ",f").split(".")[0]
    if len(text) - point - 1 > ENDS_WITHIN:
        text = plain(rounded(value, 2, "half_up"))
    whole, _, fraction = text.partition(".")
    if len(whole) > 3:
        whole = format(int(whole), ",")
    return f"{whole}.{fraction}" if fraction else whole
