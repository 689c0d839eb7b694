"""Rules over a row of periods: in which of them, counted from 1, something is triggered."""

from collections.abc import Sequence

from appraisal.schemes.spec import Condition, GradePredicate, Streak

# The grade of each period, oldest first; None for a period without an appraisal.
Grades = Sequence[str | None]


def meets(predicate: GradePredicate, grade: str | None, *, best_first: Sequence[str]) -> bool:
    if grade is None:
        return False
    rank, bound = best_first.index(grade), best_first.index(predicate.grade)
    if predicate.equals is not None:
        return rank == bound
    return rank <= bound if predicate.at_least is not None else rank >= bound


class Row:
    """Counts one streak along the periods."""

    def __init__(self, rule: Streak, best_first: Sequence[str]) -> None:
        self.rule = rule
        self.best_first = best_first
        self.count = 0

    def full_after(self, grade: str | None) -> bool:
        if grade is None and self.rule.gap == "skip":
            return False
        self.count = self.count + 1 if meets(self.rule, grade, best_first=self.best_first) else 0
        return self.count >= self.rule.length

    def use_up(self) -> None:
        if self.rule.consume:
            self.count = 0


def fires_at(conditions: Sequence[Condition], grades: Grades, *, best_first: Sequence[str]) -> tuple[int, ...]:
    """Where any of the conditions holds: D, or two C in a row. What has led to something is used up for all of them.

    Reads the conditions on grades; one that also asks for an indicator or a first period is the caller's to check.
    """
    singles = [condition.grade for condition in conditions if condition.grade is not None]
    rows = [Row(condition.streak, best_first) for condition in conditions if condition.streak is not None]
    fired: list[int] = []
    for number, grade in enumerate(grades, start=1):
        full = [row.full_after(grade) for row in rows]
        if any(full) or any(meets(single, grade, best_first=best_first) for single in singles):
            fired.append(number)
            for row in rows:
                row.use_up()
    return tuple(fired)
