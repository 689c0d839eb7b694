"""Walks the chains of facts and says where one does not hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib.contenttypes.models import ContentType

from workflow import facts
from workflow.machine import machines
from workflow.models import GENESIS, Fact


@dataclass(frozen=True)
class Break:
    """Where a chain does not hold: subject, position (0: the chain as a whole) and what is wrong."""

    subject: str
    seq: int
    fault: str


def verify_all() -> tuple[int, list[Break]]:
    """Every chain of every subject: how many facts were read, and the breaks."""
    count = 0
    breaks: list[Break] = []
    for machine in machines():
        model = machine.model
        content_type = ContentType.objects.get_for_model(model)
        heads = {
            row[0]: row[1:] for row in model._base_manager.values_list("pk", "chain_id", "chain_head", "chain_length")
        }
        rows: Any = Fact.objects.filter(content_type=content_type).order_by("object_id", "seq").iterator(2000)
        for pk, chain in groupby(rows, key=lambda fact: fact.object_id):
            links = list(chain)
            count += len(links)
            breaks += _verify(f"{content_type.model} {pk}", links, heads.pop(pk, None))
        breaks += [
            Break(f"{content_type.model} {pk}", 0, "the log of this subject is gone")
            for pk, (_chain_id, _head, length) in heads.items()
            if length
        ]
    return count, breaks


def _verify(label: str, links: list[Fact], stored: tuple[Any, str, int] | None) -> Iterator[Break]:
    if stored is None:
        yield Break(label, 0, "the subject is gone")
        return
    chain_id, head, length = stored
    previous = GENESIS
    for position, fact in enumerate(links, start=1):
        if fact.seq != position:
            yield Break(label, position, f"position {position} is missing")
            return
        if fact.prev_hash != previous:
            yield Break(label, fact.seq, "does not follow the line before it")
        if not _is_shredded(fact) and facts.personal_digest(fact) != fact.personal_digest:
            yield Break(label, fact.seq, "its names or reason were changed")
        if facts.chain_hash(fact, str(chain_id)) != fact.hash:
            yield Break(label, fact.seq, "its content was changed")
        previous = fact.hash
    if (previous, len(links)) != (head, length):
        yield Break(label, len(links), "the end of the chain is not the one that stands on the subject")


def _is_shredded(fact: Fact) -> bool:
    return fact.personal_salt == ""
