"""Is it what was expected? Exactly; a number that never ends as far as it was written."""

from datetime import date
from decimal import Decimal
from typing import Any

from appraisal.schemes.spec import Scheme
from appraisal.scoring.case_outputs import Difference
from appraisal.scoring.decimals import ENDS_WITHIN, rounded


def compare(scheme: Scheme, key: str, expected: Any, computed: Any) -> list[Difference]:
    if isinstance(computed, list) and isinstance(expected, list):
        return _lists(scheme, key, expected, computed)
    if isinstance(expected, dict) and isinstance(computed, dict):
        pairs = [(f"{key}.{name}", value, computed.get(name)) for name, value in expected.items()]
        return [gap for place, value, found in pairs for gap in compare(scheme, place, value, found)]
    same = same_word(scheme, expected, computed) if isinstance(computed, str) else same_value(expected, computed)
    return [] if same else [Difference(key, expected, computed)]


def _lists(scheme: Scheme, key: str, expected: list[Any], computed: list[Any]) -> list[Difference]:
    if len(expected) != len(computed):
        return [Difference(key, expected, computed)]
    found: list[Difference] = []
    for place, (wanted, got) in enumerate(zip(expected, computed, strict=True), start=1):
        one = got
        if isinstance(got, dict) and not isinstance(wanted, dict):
            one = next((value for value in got.values() if isinstance(value, type(wanted))), None)
        found += compare(scheme, f"{key}[{place}]", wanted, one)
    return found


def same_value(expected: Any, computed: Any) -> bool:
    if isinstance(computed, bool) or isinstance(expected, bool):
        return computed is expected
    if isinstance(computed, date):
        return str(expected) == computed.isoformat()
    if isinstance(computed, Decimal | int) and isinstance(expected, Decimal | int):
        return same_number(Decimal(expected), Decimal(computed))
    return bool(expected == computed)


def same_number(expected: Decimal, computed: Decimal) -> bool:
    """Equal; or, where the digits of the computed one never end, equal when rounded half up to those written."""
    if expected == computed:
        return True
    written, worked = expected.as_tuple().exponent, computed.as_tuple().exponent
    assert isinstance(written, int)
    assert isinstance(worked, int)
    return -worked > ENDS_WITHIN and -written >= 2 and rounded(computed, -written, "half_up") == expected


def same_word(scheme: Scheme, expected: Any, computed: str) -> bool:
    """A grade may be written by its key or by its name in either language."""
    if expected == computed:
        return True
    bands = scheme.grades.bands if scheme.grades else ()
    return any(band.grade == computed and expected in (band.label.zh, band.label.en) for band in bands)
