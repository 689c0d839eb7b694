"""A check's answer: allowed, or refused with a reason that a person can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Text = str | _StrPromise
else:
    Text = str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Truthy when allowed. `reason` says what stands in the way, `remedy` who or what can help."""

    allowed: bool
    reason: Text = ""
    remedy: Text = ""

    def __bool__(self) -> bool:
        return self.allowed

    @property
    def message(self) -> str:
        return str(self.reason)


ALLOWED = Verdict(allowed=True)


def refused(reason: Text, remedy: Text = "") -> Verdict:
    return Verdict(allowed=False, reason=reason, remedy=remedy)
