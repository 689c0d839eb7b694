"""Rules over what people judge: the mean of ratings, the figure of a survey."""

from decimal import Decimal

from appraisal.schemes.spec import Mean, Rating, Survey, SurveyScore
from appraisal.scoring.decimals import HUNDRED, ZERO, shown
from appraisal.scoring.explanation import Figure, Said, Used
from appraisal.scoring.inputs import Absent, Ratings, SurveyFigure
from appraisal.scoring.kinds.measures import absent
from appraisal.scoring.leaf import Bench, Judge, Judged, UnfitInputError, said
from appraisal.scoring.sheet import Sheet

POINTS_FROM_TO = "points from {least} to {most} are expected"


def mean(bench: Bench, rule: Mean) -> Judge:
    head, key = bench.head, rule.mean
    spec = bench.scheme.inputs[key]
    assert isinstance(spec, Rating)
    label, top = said(spec.label), bench.figure("scale", spec.scale.points) or HUNDRED
    least = bench.figure("at_least", spec.at_least) or ZERO
    hidden, leave_out = spec.anonymous, spec.below_minimum == "leave_out"
    too_few = Said(
        f"评价人少于 {shown(least)} 人，为保护匿名不显示、不计入，权重由其余指标分担。",
        f"Fewer than {shown(least)} people rated: hidden to protect them and left out, the others share its weight.",
    )

    def judge(sheet: Sheet) -> Judged:
        given = sheet.get(key)
        if isinstance(given, Absent):
            return absent(head, label, given, key)
        if given is not None and not isinstance(given, Ratings):
            raise UnfitInputError(key, "ratings are expected")
        if given is None or not (given.points or hidden):
            return head.missing(key, "not_given", label)
        _on_scale(key, given.points, top)
        count = len(given.points)
        if count < least and (leave_out or not count):
            return head.left_out("below_minimum", too_few)
        average = sum(given.points, ZERO) / count
        points = average if top == HUNDRED else average * HUNDRED / top
        derived = (Figure("mean", average), Figure("count", Decimal(count)))
        if count < least:
            return head.counted(points, "counted_hidden", _hidden(least), (), ())
        used = Used(key, label) if hidden else _open(key, label, given)
        formulas = (("value", "mean * 100 / scale"),)
        return head.counted(points, "plain", _mean_says(count, points), (used,), derived, formulas)

    return judge


def _open(key: str, label: Said, given: Ratings) -> Used:
    return Used(key, label, tuple(Figure("rating", points, "given") for points in given.points), given.sources)


def _mean_says(count: int, points: Decimal) -> Said:
    if count == 1:
        return Said(f"评价得 {shown(points)} 分。", f"Rated at {shown(points)} points.")
    return Said(
        f"{count} 人评价，平均 {shown(points)} 分。", f"{count} people rated; the mean is {shown(points)} points."
    )


def _hidden(least: Decimal) -> Said:
    return Said(
        f"评价人少于 {shown(least)} 人，计入但不显示明细。",
        f"Fewer than {shown(least)} people rated: counted, details hidden.",
    )


def survey(bench: Bench, rule: SurveyScore) -> Judge:
    head, key = bench.head, rule.survey
    spec = bench.scheme.inputs[key]
    assert isinstance(spec, Survey)
    label, top = said(spec.label), bench.figure("scale", spec.scale.points) or HUNDRED
    least, promoters = bench.figure("at_least", spec.at_least) or ZERO, spec.form == "nps"

    def judge(sheet: Sheet) -> Judged:
        given = sheet.get(key)
        if isinstance(given, Absent):
            return absent(head, label, given, key)
        if given is not None and not isinstance(given, SurveyFigure):
            raise UnfitInputError(key, "the figure of a survey is expected")
        if given is None or not given.answers:
            return head.missing(key, "not_given", label)
        _on_scale(key, (given.points,), top, -HUNDRED if promoters else ZERO)
        if given.answers < least:
            return head.left_out("below_minimum", _too_few_answers(least))
        points, text = _survey_points(given.points, top, promoters=promoters)
        figures = (Figure("points", given.points, "given"), Figure("answers", Decimal(given.answers), "given"))
        sentence = Said(
            f"{given.answers} 份答卷，得 {shown(points)} 分。",
            f"{given.answers} {'answer gives' if given.answers == 1 else 'answers give'} {shown(points)} points.",
        )
        return head.counted(
            points, "plain", sentence, (Used(key, label, figures, (given.source,)),), (), (("value", text),)
        )

    return judge


def _survey_points(points: Decimal, top: Decimal, *, promoters: bool) -> tuple[Decimal, str]:
    """The figure on a scale of 100. A net promoter score goes from -100 to 100: half of it and fifty."""
    if promoters:
        return (points + HUNDRED) / 2, "(points + 100) / 2"
    return points if top == HUNDRED else points * HUNDRED / top, "points * 100 / scale"


def _too_few_answers(least: Decimal) -> Said:
    return Said(
        f"答卷少于 {shown(least)} 份，不计入，权重由其余指标分担。",
        f"Fewer than {shown(least)} answers: left out, the others share its weight.",
    )


def _on_scale(key: str, points: tuple[Decimal, ...], top: Decimal, bottom: Decimal = ZERO) -> None:
    if points and (min(points) < bottom or max(points) > top):
        raise UnfitInputError(key, POINTS_FROM_TO, least=shown(bottom), most=shown(top))
