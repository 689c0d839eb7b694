"""What is generated is current, and what is promised is there."""

import re
from pathlib import Path

import pytest
from django.core.checks import run_checks

from workflow.documentation import document

ROOT = Path(__file__).resolve().parents[2]


def test_the_machines_document_is_current():
    assert (ROOT / "docs" / "machines.md").read_text(encoding="utf-8") == document(), "run `make docs`"


def test_the_machines_have_no_faults():
    assert [message for message in run_checks() if (message.id or "").startswith("workflow.")] == []


@pytest.mark.parametrize(
    "name", ["README.md", "CONTRIBUTING.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
)
def test_links_inside_the_documents_lead_somewhere(name: str):
    page = ROOT / name
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
