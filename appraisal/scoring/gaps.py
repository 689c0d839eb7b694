"""What is said where there is no value: a figure that nobody gave, a number that cannot be reckoned."""

from appraisal.scoring.explanation import Said
from appraisal.scoring.leaf import Head, Judged
from appraisal.scoring.sheet import Reader
from appraisal.scoring.values import NotGivenError, NoValueError

# What a rule catches around the reading of its formulas.
GAPS = (NotGivenError, NoValueError)
REASONS = {
    "nothing_to_divide_by": Said("除数为 0，没有数值", "There is nothing to divide by"),
    "no_row": Said("不在表内的任何一档", "No row of the table fits"),
    "no_rows": Said("没有记录，没有数值", "There are no rows"),
    "no_such_day": Said("当月没有这一天", "The month has no such day"),
    "shares": Said("份额之和不是 100%", "The shares do not add up to 100 %"),
    "source_is_cut": Said("原文在此中断，无法计算", "The source is cut here: this case cannot be reckoned"),
    "target_too_high": Said("任务额高于原文所及，原文未规定此情形", "The target is beyond what the source covers"),
}


def is_missing(label: Said) -> Said:
    return Said(f"缺少：{label.zh}", f"Missing: {label.en}")


def no_value(reason: NoValueError, reader: Reader) -> Said:
    says = REASONS[reason.reason]
    about = reader.label(reason.about) if reason.about else Said("", "")
    return Said(f"{about.zh}{says.zh}。", f"{says.en}{': ' if about.en else ''}{about.en}.")


def judged_without(head: Head, gap: NotGivenError | NoValueError, reader: Reader) -> Judged:
    """The indicator waits for what is not given, and does not count where there is no number."""
    if isinstance(gap, NotGivenError):
        return head.missing(gap.name, "not_given", reader.label(gap.name))
    return head.left_out(gap.reason, no_value(gap, reader))
