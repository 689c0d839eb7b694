"""YAML read strictly: exact decimals, no duplicate keys, no aliases or tags, and the line of every key kept."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from appraisal.schemes.problems import Problem, SchemeRefusedError

MAX_CHARACTERS = 400_000
MAX_DEPTH = 40
WHOLE = re.compile(r"^[-+]?[0-9]{1,20}$")
DECIMAL = re.compile(r"^[-+]?[0-9]{1,20}\.[0-9]{1,20}$")
WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}

Path = tuple[str | int, ...]
# The same loader in C, where the library was built with it: a scheme of the catalogue reads eight times faster.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Reading:
    """The data of a document, and the line on which each part of it begins."""

    file: str
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, code: str, node: Node, path: Path, **params: str) -> None:
        self.problems.append(Problem(code, params, dotted(path), node.start_mark.line + 1, self.file))

    def data(self, node: Node, path: Path) -> Any:
        self.lines[path] = node.start_mark.line + 1
        if len(path) > MAX_DEPTH:
            self.refuse("too_deep", node, path)
        elif isinstance(node, MappingNode):
            return self._mapping(node, path)
        elif isinstance(node, SequenceNode):
            return [self.data(item, (*path, index)) for index, item in enumerate(node.value)]
        elif isinstance(node, ScalarNode):
            return scalar(node)
        return None

    def _mapping(self, node: MappingNode, path: Path) -> dict[str | int, Any]:
        data: dict[str | int, Any] = {}
        for key_node, value_node in node.value:
            key = scalar(key_node) if isinstance(key_node, ScalarNode) else None
            if isinstance(key, bool) or not isinstance(key, str | int):
                self.refuse("bad_key", key_node, path)
                continue
            place = (*path, key)
            if key in data:
                self.refuse("duplicate_key", key_node, place, first=str(self.lines[place]))
                continue
            data[key] = self.data(value_node, place)
            self.lines[place] = key_node.start_mark.line + 1
        return data


def read(text: str, *, file: str) -> tuple[Any, Reading]:
    """The data of the document and its reading; refuses what is no plain YAML."""
    reading = Reading(file)
    if len(text) > MAX_CHARACTERS:
        raise SchemeRefusedError([Problem("too_long", {"most": str(MAX_CHARACTERS)}, line=1, file=file)])
    try:
        _no_aliases(text, file)
        node = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        found = Problem("yaml", {"problem": error.problem or ""}, line=line, file=file)
        raise SchemeRefusedError([found]) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise SchemeRefusedError([Problem("yaml", {"problem": str(error)}, line=1, file=file)]) from error
    if not isinstance(node, MappingNode):
        raise SchemeRefusedError([Problem("no_mapping", line=1, file=file)])
    data = reading.data(node, ())
    if reading.problems:
        raise SchemeRefusedError(reading.problems)
    return data, reading


def _no_aliases(text: str, file: str) -> None:
    """Before anything is built: an alias can unfold into more than any machine holds."""
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise SchemeRefusedError([Problem("alias", line=line, file=file)])
        tag = getattr(event, "tag", None)
        if tag:
            raise SchemeRefusedError([Problem("tag", {"tag": str(tag)}, line=line, file=file)])
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise SchemeRefusedError([Problem("too_deep", line=line, file=file)])


def scalar(node: ScalarNode) -> Any:
    text = str(node.value)
    if node.style:
        return text
    if WHOLE.match(text):
        return int(text)
    if DECIMAL.match(text):
        return Decimal(text)
    return WORDS.get(text, text)


def dotted(path: Path) -> str:
    """indicators.0.of.2 as a person counts: indicators[1].of[3]."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".")
