"""What scoring gives back."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from appraisal.scoring.decimals import plain
from appraisal.scoring.explanation import Node
from appraisal.scoring.leaf import Missing
from appraisal.scoring.sheet import Table

FORMAT = "pingheng-explanation/1"


@dataclass(slots=True)
class Scored:
    """No total while something is missing; no grade either, or where the scheme has none."""

    total: Decimal | None
    grade: str | None
    tree: Node
    missing: tuple[Missing, ...] = ()
    # What the scheme works out beside the score, and the rows it went through.
    results: list[Node] = field(default_factory=list)
    tables: Mapping[str, Table] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The explanation as it is stored."""
        return {
            "format": FORMAT,
            "total": None if self.total is None else plain(self.total),
            "grade": self.grade,
            "missing": [gap.to_json() for gap in self.missing],
            "tree": self.tree.to_json(),
            "results": [node.to_json() for node in self.results],
            "tables": {name: table.to_json() for name, table in self.tables.items()},
        }


def sealed(document: Mapping[str, Any]) -> dict[str, Any]:
    """The explanation as it is handed out, for `verify.py`: the digest covers every character of the rest."""
    return {**document, "digest": digest_of(document)}


def digest_of(document: Mapping[str, Any]) -> str:
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
