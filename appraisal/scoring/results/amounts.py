"""Results with one value: a formula, or everything of a list that is true."""

from appraisal.schemes.spec import Marks, Worked
from appraisal.scoring.explanation import Node, Said
from appraisal.scoring.expressions import compiled
from appraisal.scoring.leaf import said
from appraisal.scoring.results.work import Job, closing, finished, keep_read, rounding_of, write_value
from appraisal.scoring.sheet import Reader, Sheet
from appraisal.scoring.values import truth
from appraisal.scoring.wording import formula_says

NONE = Said("无", "none")


def worked(job: Job, rule: Worked, sheet: Sheet) -> Node:
    reader, node = Reader(sheet), job.node(rule.kind)
    exact = compiled(rule.expr)(reader)
    value = finished(exact, rule.round, in_money=rule.money)
    node.sentence = formula_says(rule.expr, reader, value, verdict=True)
    node.formulas = (("value", closing(rule.expr, rule.round, in_money=rule.money)),)
    node.rounding = rounding_of(rule.round, in_money=rule.money)
    keep_read(node, reader)
    write_value(node, value)
    return node


def marks(job: Job, rule: Marks, sheet: Sheet) -> Node:
    """The marks that hold, each with its own reason."""
    node = job.node(rule.kind)
    holding: list[str] = []
    for key, mark in rule.marks.items():
        reader = Reader(sheet)
        holds = truth(compiled(mark.when)(reader))
        child = Node("mark", key, said(mark.label), mark.clause, branch=mark.effect if holds else "")
        child.sentence = formula_says(mark.when, reader, holds, verdict=True)
        child.formulas = (("value", mark.when),)
        keep_read(child, reader)
        write_value(child, holds)
        node.children.append(child)
        if holds:
            holding.append(key)
    labels = [rule.marks[key].label for key in holding]
    node.word = ",".join(holding)
    node.assumed = any(child.assumed for child in node.children)
    node.sentence = Said(
        "、".join(label.zh for label in labels) or NONE.zh, ", ".join(label.en for label in labels) or NONE.en
    )
    return node
