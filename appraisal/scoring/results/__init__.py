"""The working of each kind of result, by the class that describes it."""

from collections.abc import Callable, Mapping
from typing import Any

from appraisal.schemes.spec import Account, Lights, Marks, Ranking, Result, Rows, Scheme, Split, Worked
from appraisal.scoring.explanation import Node, Said
from appraisal.scoring.gaps import REASONS, is_missing
from appraisal.scoring.leaf import Numbers, said
from appraisal.scoring.results.accounts import account
from appraisal.scoring.results.amounts import marks, worked
from appraisal.scoring.results.tables import lights, ranking, rows, split
from appraisal.scoring.results.work import Job
from appraisal.scoring.sheet import Reader, Sheet
from appraisal.scoring.sums import Working
from appraisal.scoring.values import NotGivenError, NoValueError

WORKINGS: dict[type[Result], Callable[[Job, Any, Sheet], Node]] = {
    Worked: worked,
    Rows: rows,
    Ranking: ranking,
    Lights: lights,
    Marks: marks,
    Split: split,
    Account: account,
}


def workings_of(scheme: Scheme, numbers: Numbers) -> Mapping[str, Working]:
    return {name: _working(name, result, numbers) for name, result in scheme.results.items()}


def _working(name: str, result: Result, numbers: Numbers) -> Working:
    job = Job(name, said(result.label), result.clause, said(result.unit) if result.unit else None, numbers)
    work = WORKINGS[type(result)]

    def run(sheet: Sheet) -> Node:
        try:
            node = work(job, result, sheet)
        except NotGivenError as gap:
            node = job.node(result.kind)
            node.status, node.branch = "missing", "not_given"
            node.sentence = is_missing(Reader(sheet).label(gap.name))
        except NoValueError as reason:
            node = job.node(result.kind)
            says = REASONS[reason.reason]
            node.status, node.branch = "left_out", reason.reason
            node.sentence = Said(f"{says.zh}。", f"{says.en}.")
        sheet.nodes[name] = node
        return node

    return run
