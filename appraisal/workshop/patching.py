"""Changes at single places of a scheme document; every other character stays as it was written."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from appraisal.schemes.reading import LOADER, Path, scalar

PLAIN = re.compile(r"^[A-Za-z\u4e00-\u9fff_][A-Za-z0-9\u4e00-\u9fff_ .\-]*$")


class NoSuchPlaceError(LookupError):
    """The document has nothing at this place, or nothing that can be changed alone."""


@dataclass(frozen=True, slots=True)
class Span:
    begin: int
    end: int
    text: str


@lru_cache(maxsize=8)
def composed(text: str) -> Node | None:
    """The nodes of a document; nobody changes them."""
    root: Node | None = yaml.compose(text, Loader=LOADER)
    return root


class Patch:
    """Collects changes to one document and applies them together. Places are those of the unchanged text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root = composed(text)
        self.spans: list[Span] = []

    def node(self, path: Path) -> Node:
        node: Node | None = self.root
        for part in path:
            if isinstance(node, MappingNode):
                node = next((value for key, value in node.value if scalar(key) == part), None)
            elif isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
            else:
                node = None
        if node is None:
            raise NoSuchPlaceError(path)
        return node

    def has(self, path: Path) -> bool:
        try:
            self.node(path)
        except NoSuchPlaceError:
            return False
        return True

    def keys(self, path: Path) -> list[str]:
        node = self.node(path)
        return [str(key.value) for key, _value in node.value] if isinstance(node, MappingNode) else []

    def replace(self, path: Path, written: str) -> None:
        node = self.node(path)
        if not isinstance(node, ScalarNode) and not getattr(node, "flow_style", False):
            raise NoSuchPlaceError(path)
        self.spans.append(Span(node.start_mark.index, node.end_mark.index, written))

    def rename(self, path: Path, key: str) -> None:
        found = self._pair(path)[0]
        self.spans.append(Span(found.start_mark.index, found.end_mark.index, key))

    def insert(self, path: Path, written: str) -> None:
        """A new key at the head of the mapping above."""
        mapping = self.node(path[:-1])
        if not isinstance(mapping, MappingNode) or not mapping.value:
            raise NoSuchPlaceError(path)
        first = mapping.value[0][0].start_mark
        joint = ", " if mapping.flow_style else "\n" + " " * first.column
        self.spans.append(Span(first.index, first.index, f"{path[-1]}: {written}{joint}"))

    def remove(self, path: Path) -> None:
        mapping, place = self.node(path[:-1]), self._pair(path)[2]
        assert isinstance(mapping, MappingNode)
        if len(mapping.value) == 1:
            raise NoSuchPlaceError(path)
        self.remove_pair(mapping, place)

    def remove_pair(self, mapping: MappingNode, place: int) -> None:
        key, value = mapping.value[place]
        begin, end = key.start_mark.index, value.end_mark.index
        if place + 1 < len(mapping.value) and (mapping.flow_style or place == 0):
            end = mapping.value[place + 1][0].start_mark.index
        elif mapping.flow_style:
            begin = mapping.value[place - 1][1].end_mark.index
        else:
            begin = self.text.rindex("\n", 0, begin)
            end = self.line_end(self.end_of(value))
        self.put(begin, end, "")

    def end_of(self, node: Node) -> int:
        """Where its last character stands; a block is said to end only where the next thing begins."""
        if isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return self.end_of(last[1] if isinstance(last, tuple) else last)
        return len(self.text[: node.end_mark.index].rstrip())

    def line_end(self, index: int) -> int:
        end = self.text.find("\n", index)
        return len(self.text) if end < 0 else end

    def put(self, begin: int, end: int, written: str) -> None:
        self.spans.append(Span(begin, end, written))

    def _pair(self, path: Path) -> tuple[Node, Node, int]:
        mapping = self.node(path[:-1])
        if isinstance(mapping, MappingNode):
            for place, (key, value) in enumerate(mapping.value):
                if scalar(key) == path[-1]:
                    return key, value, place
        raise NoSuchPlaceError(path)

    def applied(self) -> str:
        text = self.text
        for span in sorted(self.spans, key=lambda span: (span.begin, span.end), reverse=True):
            text = text[: span.begin] + span.text + text[span.end :]
        return text


def quoted(words: str) -> str:
    """Words as they are safe inside brackets too."""
    return (
        words
        if PLAIN.match(words) and words not in ("true", "false", "null")
        else json.dumps(words, ensure_ascii=False)
    )


def number(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def set_number(patch: Patch, path: Path, value: Decimal) -> None:
    """A number of a rule: bare, the source's, assumed, or missing and from now on assumed."""
    node = patch.node(path)
    if isinstance(node, ScalarNode):
        patch.replace(path, number(value))
        return
    key = next((one for one in patch.keys(path) if one in ("value", "assumed", "missing")), None)
    if key is None:
        raise NoSuchPlaceError(path)
    patch.replace((*path, key), number(value))
    if key == "missing":
        patch.rename((*path, key), "assumed")


def set_parameter(patch: Patch, name: str, origin: str, value: Decimal | str | None) -> None:
    """`origin` is value, assumed or missing."""
    path: Path = ("parameters", name)
    now = next(one for one in patch.keys(path) if one in ("value", "assumed", "missing"))
    written = "true" if origin == "missing" else quoted(value) if isinstance(value, str) else number(value or Decimal())
    if origin != now:
        patch.rename((*path, now), origin)
    patch.replace((*path, now), written)
    if now == "missing" and origin != "missing" and patch.has((*path, "proposed")):
        patch.remove((*path, "proposed"))
