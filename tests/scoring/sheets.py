"""One indicator or one result on its own, scored from cases as people write them."""

import json
from datetime import date
from typing import Any

from appraisal.schemes.loader import load_scheme
from appraisal.schemes.reading import read
from appraisal.scoring.cases import Outcome, case_of, run
from appraisal.scoring.verify import differences
from workflow.calendars import is_mainland_working_day

MEASURE = {"kind": "measure", "label": {"zh": "数", "en": "Figure"}, "owner": "hr", "target": "optional"}
LABEL = {"zh": "项", "en": "Item"}
HEAD = {
    "scheme": "sheet", "title": LABEL, "source": {"file": "x"}, "valid_from": "2026-01-01", "subject": "person",
    "period_kinds": ["month"], "steps": {},
}  # fmt: skip


def ledger(**columns: Any) -> dict[str, Any]:
    spec = {name: {"label": LABEL, "type": kind} if isinstance(kind, str) else kind for name, kind in columns.items()}
    return {"kind": "ledger", "label": LABEL, "owner": "hr", "columns": spec}


def worked(document: dict[str, Any], given: dict[str, Any], as_of: date = date(2026, 3, 31)) -> Outcome:
    text = json.dumps({**HEAD, **document}, ensure_ascii=False)
    scheme = load_scheme(text, file="sheet.yaml")
    case = case_of({"scheme": "sheet", "as_of": as_of.isoformat(), "input": numbers(given)}, 1)
    outcome = run(case, scheme, is_working_day=is_mainland_working_day)
    assert differences(outcome.explanation) == []
    return outcome


def numbers(part: Any) -> Any:
    """As the strict reader of cases gives them: exact, never floats."""
    return read(json.dumps({"given": part}, ensure_ascii=False), file="x")[0]["given"]


def points(rule: dict[str, Any], given: dict[str, Any], *, weight: int = 20, **inputs: Any) -> Any:
    """What the rule comes to: points of the weight, or percent of it."""
    one = {"indicator": "one", "label": LABEL, "weight": weight, "score": rule}
    rest = {"indicator": "rest", "label": LABEL, "weight": 100 - weight, "score": {"expr": 0}}
    specs = dict.fromkeys(given, MEASURE) | inputs
    return worked({"inputs": specs, "indicators": [one, rest]}, given).outputs["one"]


def result(rule: dict[str, Any], given: dict[str, Any], parameters: Any = None, **more: Any) -> Any:
    document = {"results": {"one": {"label": LABEL, **rule}}, "parameters": parameters or {}, **more}
    return worked(document, given).outputs["one"]
