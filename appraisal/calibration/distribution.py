"""How grades spread over a group: shares, what a guideline makes of them in whole people, and who gives how much."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Generic, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

TENTH = Decimal("0.1")
HUNDREDTH = Decimal("0.01")
# Below it a mean says more about single people than about who gave the scores.
FEWEST_SCORES = 5


def quotas(people: int, shares: Mapping[str, Decimal], *, ties_to_higher: bool = True) -> dict[str, int]:
    """Whole people by grade, by largest remainder: they always sum to `people`. `shares` are of 100, best grade first.

    Where two grades have the same remainder the place goes to the higher one, or to the lower one if so chosen.
    """
    exact = {grade: Fraction(share) * people / 100 for grade, share in shares.items()}
    given = {grade: int(places) for grade, places in exact.items()}
    order = list(shares)
    by_rank = {grade: rank if ties_to_higher else -rank for rank, grade in enumerate(order)}
    claims = sorted(order, key=lambda grade: (given[grade] - exact[grade], by_rank[grade]))
    for grade in claims[: people - sum(given.values())]:
        given[grade] += 1
    return given


@dataclass(frozen=True, slots=True)
class Column:
    """One grade of a group. Without `quota` there is no guideline for it."""

    grade: str
    count: int
    percent: Decimal
    quota: int | None = None

    @property
    def over(self) -> int:
        """So many more than the guideline gives; fewer where negative."""
        return 0 if self.quota is None else self.count - self.quota

    @property
    def words(self) -> str:
        if self.quota is None:
            return ""
        if self.over > 0:
            return ngettext("move %(count)d out", "move %(count)d out", self.over) % {"count": self.over}
        if self.over < 0:
            return ngettext("room for %(count)d", "room for %(count)d", -self.over) % {"count": -self.over}
        return _("as the guideline")


@dataclass(frozen=True, slots=True)
class Spread:
    """The grades of a group side by side; `silence` says why there is no guideline."""

    columns: tuple[Column, ...]
    people: int
    silence: str = ""

    def column(self, grade: str) -> Column | None:
        return next((column for column in self.columns if column.grade == grade), None)

    @property
    def has_guideline(self) -> bool:
        return any(column.quota is not None for column in self.columns)

    @property
    def finding(self) -> str:
        """What stands out, as the title of the chart."""
        if not self.people:
            return _("Nobody has a grade yet")
        off = max(self.columns, key=lambda column: abs(column.over))
        if off.over:
            sentence = (
                ngettext("%(grade)s holds %(count)d person more than the guideline",
                         "%(grade)s holds %(count)d people more than the guideline", off.over)
                if off.over > 0
                else ngettext("%(grade)s holds %(count)d person fewer than the guideline",
                              "%(grade)s holds %(count)d people fewer than the guideline", -off.over)
            )  # fmt: skip
            return sentence % {"grade": off.grade, "count": abs(off.over)}
        if self.has_guideline:
            return _("The grades are as the guideline")
        most = max(self.columns, key=lambda column: column.count)
        return _("Most have %(grade)s: %(count)d of %(people)d (%(percent)s %%)") % {
            "grade": most.grade, "count": most.count, "people": self.people, "percent": f"{most.percent.normalize():f}",
        }  # fmt: skip


def spread(
    given: Sequence[str],
    grades: Sequence[str],
    shares: Mapping[str, Decimal],
    *,
    smallest_group: int = 0,
    ties_to_higher: bool = True,
) -> Spread:
    """`given` is each person's grade, `grades` all there are, best first."""
    counts, people = Counter(given), len(given)
    silence, wanted = "", {}
    if shares and people < smallest_group:
        silence = ngettext(
            "No guideline for %(people)d person: it speaks of groups of %(floor)d and more.",
            "No guideline for %(people)d people: it speaks of groups of %(floor)d and more.",
            people,
        ) % {"people": people, "floor": smallest_group}
    elif shares:
        of_all = {grade: shares.get(grade, Decimal(0)) for grade in grades}
        wanted = quotas(people, of_all, ties_to_higher=ties_to_higher)
    columns = (Column(grade, counts[grade], _percent(counts[grade], people), wanted.get(grade)) for grade in grades)
    return Spread(tuple(columns), people, silence)


def _percent(count: int, people: int) -> Decimal:
    return (Decimal(100 * count) / people).quantize(TENTH, ROUND_HALF_UP) if people else Decimal(0)


K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Severity(Generic[K]):
    """How one who scores differs from the whole group. No `mean` where too few were scored to say."""

    who: K
    count: int
    mean: Decimal | None = None
    difference: Decimal | None = None


def severities(scores: Iterable[tuple[K, Decimal]]) -> list[Severity[K]]:
    """In the order in which they first come; the difference is positive where more is given than in the whole."""
    by_who: dict[K, list[Decimal]] = defaultdict(list)
    for who, score in scores:
        by_who[who].append(score)
    everything = [score for own in by_who.values() for score in own]
    return [_severity(who, own, everything) for who, own in by_who.items()]


def _severity(who: K, own: Sequence[Decimal], everything: Sequence[Decimal]) -> Severity[K]:
    if len(own) < FEWEST_SCORES:
        return Severity(who, len(own))
    mean, whole = sum(own) / Decimal(len(own)), sum(everything) / Decimal(len(everything))
    return Severity(
        who, len(own), mean.quantize(HUNDREDTH, ROUND_HALF_UP), (mean - whole).quantize(HUNDREDTH, ROUND_HALF_UP)
    )
