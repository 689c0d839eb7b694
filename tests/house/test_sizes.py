"""Files of at most 300 lines, functions of at most 40: where a place outgrows them, two things live together."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILE_LINES = 300
FUNCTION_LINES = 40
# One file without dependencies, so that anybody may copy it alone and check an explanation with it.
LONGER = {"appraisal/scoring/verify.py": 500}
PRODUCT = sorted(
    path for top in ("config", "workflow", "notifications", "appraisal") for path in (ROOT / top).rglob("*.py")
    if "migrations" not in path.parts
)  # fmt: skip


def test_there_is_a_product_to_measure():
    assert len(PRODUCT) > 100


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_small(path: Path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGER.get(path.relative_to(ROOT).as_posix(), FILE_LINES)
    long = {
        node.name: (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno + 1 > FUNCTION_LINES
    }
    assert long == {}
