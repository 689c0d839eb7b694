"""What a simulation came to, for the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from appraisal.assessments.results import missing_words
from appraisal.cycles.rules import may_see_result
from appraisal.people.models import User
from appraisal.schemes.spec import Scheme
from appraisal.scoring.decimals import ZERO
from appraisal.scoring.leaf import Missing
from appraisal.scoring.sensitivity import Sensitivity, sensitivities
from appraisal.scoring.simulation import UNFIT, Change, Outlook, Version, compared, outlook, sampled
from appraisal.templatetags.ui_words import figure
from appraisal.workshop.crowds import Crowd
from appraisal.workshop.histogram import Bin, bins_of
from appraisal.workshop.words import labels_of, side

# So many have every weight tried out on them, and so many are named.
SAMPLE = 100
NAMED = 50
CENT = Decimal("0.01")
THOUSANDTH = Decimal("0.001")
BOUNDS = {
    "cap": pgettext_lazy("bound that decided", "cap"), "floor": pgettext_lazy("bound that decided", "floor"),
    "gate": pgettext_lazy("bound that decided", "gate"),
    "zero line": pgettext_lazy("bound that decided", "zero line"),
    "red line": pgettext_lazy("bound that decided", "red line"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table, with one cell for each version."""

    label: str
    cells: tuple[Any, ...]
    names: tuple[str, ...]
    note: str = ""

    @property
    def named(self) -> list[tuple[str, Any]]:
        return list(zip(self.names, self.cells, strict=True))


@dataclass(frozen=True, slots=True)
class Mover:
    who: str
    unit: str
    url: str
    change: Change
    before: str
    after: str
    because: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    label: str
    weight: Decimal
    mean_moves: Decimal | None
    grades_changed: int


@dataclass(slots=True)
class Simulation:
    """The versions in the order of the columns; the last is the one that the page is about."""

    crowd: Crowd
    versions: tuple[Version, ...]
    outlooks: tuple[Outlook, ...]
    changes: list[Change]
    weights: list[Sensitivity]
    user: User
    # What the columns are called.
    names: tuple[str, ...]

    @property
    def scheme(self) -> Scheme:
        return self.versions[-1].scheme

    @property
    def now(self) -> Outlook:
        return self.outlooks[-1]

    @property
    def is_compared(self) -> bool:
        return len(self.outlooks) > 1

    @property
    def is_graded(self) -> bool:
        return any(version.scheme.grades is not None for version in self.versions)

    @property
    def figures(self) -> list[Row]:
        found, line = self.outlooks, self._row
        return [
            line(pgettext("simulation", "Scored"), *(one.count - one.incomplete for one in found)),
            line(_("Not scored: something is missing"), *(one.incomplete for one in found)),
            line(_("Mean"), *(_short(one.mean) for one in found)),
            line(_("Median"), *(_short(one.median) for one in found)),
            line(_("Lowest"), *(_short(min(one.totals, default=None)) for one in found)),
            line(_("Highest"), *(_short(max(one.totals, default=None)) for one in found)),
        ]

    @property
    def grades(self) -> list[Row]:
        labels: dict[str, str] = {}
        for version in reversed(self.versions):
            for band in version.scheme.grades.bands if version.scheme.grades else ():
                labels.setdefault(band.grade, side(band.label))
        rows = [self._row(label, *(one.grades[grade] for one in self.outlooks)) for grade, label in labels.items()]
        none = tuple(one.ungraded for one in self.outlooks)
        return [*rows, self._row(_("In no band"), *none)] if any(none) else rows

    @property
    def bins(self) -> list[Bin]:
        return bins_of([one.totals for one in self.outlooks])

    @property
    def bounds(self) -> list[Row]:
        """Where a bound decided for somebody, in the order of the scheme."""
        labels = self._labels()
        order = {key: place for place, key in enumerate(labels)}
        met = {pair for one in self.outlooks for pair in one.bounds}
        met_in_order = sorted(met, key=lambda pair: (order.get(pair[0], len(order)), pair[1]))
        return [
            self._row(labels.get(key, key), *(one.bounds[key, bound] for one in self.outlooks), note=str(BOUNDS[bound]))
            for key, bound in met_in_order
        ]

    @property
    def gaps(self) -> list[Row]:
        """What is missing, and for how many."""
        said = [
            {_gap(version.scheme, gap): count for gap, count in one.gaps.items()}
            for version, one in zip(self.versions, self.outlooks, strict=True)
        ]
        names = dict.fromkeys(words for one in reversed(said) for words in one)
        return [self._row(words, *(one.get(words, 0) for one in said)) for words in names]

    @property
    def movers(self) -> list[Mover]:
        """Those who move farthest first."""
        far = sorted(self.changes, key=lambda one: abs(one.moved or ZERO), reverse=True)
        return [self._mover(change) for change in far[:NAMED]]

    @property
    def weighed(self) -> list[Weighed]:
        labels = self._labels()
        return [
            Weighed(
                labels.get(one.key, one.key), one.weight,
                None if one.mean_moves is None else one.mean_moves.quantize(THOUSANDTH), one.grades_changed,
            )
            for one in self.weights
        ]  # fmt: skip

    @property
    def sampled(self) -> int:
        return len(sampled(self.crowd.inputs, SAMPLE))

    @property
    def grade_finding(self) -> str:
        if not self.is_compared:
            return _("Distribution of the grades")
        count = len(self.changes)
        if not count:
            return _("Nobody would have another grade")
        words = ngettext(
            "%(count)d of %(all)d people would have another grade",
            "%(count)d of %(all)d people would have another grade", count,
        )  # fmt: skip
        return words % {"count": count, "all": self.now.count}

    @property
    def total_finding(self) -> str:
        first, last = self.outlooks[0].mean, self.now.mean
        if last is None:
            return _("Nobody could be scored")
        if not self.is_compared or first is None:
            return _("The mean of the totals is %(mean)s") % {"mean": figure(_short(last))}
        if _short(first) == _short(last):
            return _("The mean of the totals stays at %(mean)s") % {"mean": figure(_short(last))}
        words = {"before": figure(_short(first)), "after": figure(_short(last))}
        return _("The mean of the totals goes from %(before)s to %(after)s") % words

    def _row(self, label: str, *cells: Any, note: str = "") -> Row:
        return Row(label, cells, self.names, note)

    def _labels(self) -> dict[str, str]:
        found = {"total": _("Total")}
        for version in reversed(self.versions):
            found |= {key: side(text) for key, text in labels_of(version.scheme).items() if key not in found}
        return found

    def _mover(self, change: Change) -> Mover:
        labels = self._labels()
        who, unit, url = _("No. %(number)s") % {"number": change.who}, "", ""
        appraisal = self.crowd.appraisals.get(change.who)
        if appraisal is not None:
            who = _("somebody whose result is not yours to read")
            if may_see_result(appraisal, self.user):
                who, unit = str(appraisal.employee), str(appraisal.org_unit)
                url = reverse("home:appraisal", args=[appraisal.pk])
        because = tuple((labels.get(key, key), moved.quantize(CENT)) for key, moved in change.because)
        before, after = (
            _grade(version.scheme, grade, total)
            for version, grade, total in zip(
                self.versions, (change.before, change.after), (change.total_before, change.total_after), strict=True
            )
        )
        return Mover(who, unit, url, change, before, after, because)


def simulated(user: User, crowd: Crowd, named: Mapping[str, Version]) -> Simulation:
    """With two versions the first is what the second is compared with."""
    versions = tuple(named.values())
    after = versions[-1]
    outlooks: tuple[Outlook, ...]
    changes: list[Change] = []
    if len(versions) > 1:
        found = compared(versions[0], after, crowd.inputs)
        outlooks, changes = (found.before, found.after), found.changes
    else:
        outlooks = (outlook(after, crowd.inputs),)
    weights = sensitivities(after, sampled(crowd.inputs, SAMPLE)) if outlooks[-1].totals else []
    return Simulation(crowd, versions, outlooks, changes, weights, user, tuple(named))


def _short(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(CENT)


def _grade(scheme: Scheme, grade: str | None, total: Decimal | None) -> str:
    if total is None:
        return _("not scored")
    bands: Iterable[Any] = scheme.grades.bands if scheme.grades else ()
    return next((side(band.label) for band in bands if band.grade == grade), "") or _("in no band")


def _gap(scheme: Scheme, gap: Missing) -> str:
    if gap.reason == UNFIT and not gap.key:
        return _("A formula does not fit the figures")
    if gap.reason == UNFIT:
        return _("“%(input)s”: what was given does not fit this version") % {"input": side(gap.label)}
    return missing_words(scheme, [gap])[0]
