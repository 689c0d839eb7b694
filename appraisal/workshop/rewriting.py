"""A part of a document made to say something else. Only what differs is written; comments and the rest stay."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from appraisal.schemes.reading import Path, Reading
from appraisal.workshop.patching import NoSuchPlaceError, Patch, number, quoted

WIDTH = 110
MOST_CHANGES = 500
INDENT = 2


def data_at(text: str, path: Path) -> Any:
    """What the document says at the place, as it is written there."""
    return Reading("").data(Patch(text).node(path), ())


def rewritten(text: str, path: Path, data: Any) -> str:
    """The document with `data` at the place. One change after the other, each on the text the last one left."""
    for _turn in range(MOST_CHANGES):
        patch = Patch(text)
        if not _change(patch, patch.node(path), data):
            return text
        text = patch.applied()
    raise NoSuchPlaceError(path)


def with_entry(text: str, path: Path, key: str, data: Any) -> str:
    """A new key in the mapping at the place, which is made where it is not there yet."""
    patch = Patch(text)
    if not patch.has(path):
        return with_entry(text, path[:-1], str(path[-1]), {key: data})
    node = patch.node(path)
    if isinstance(node, MappingNode):
        _append(patch, node, key, data)
    else:
        _replace(patch, node, {key: data})
    return patch.applied()


def with_item(text: str, path: Path, place: int, data: Any) -> str:
    """A new item of the list at the place, which is made where it is not there yet."""
    patch = Patch(text)
    if not patch.has(path):
        return with_entry(text, path[:-1], str(path[-1]), [data])
    node = patch.node(path)
    if isinstance(node, SequenceNode) and node.value and not node.flow_style:
        _insert(patch, node, place, data)
    else:
        old = Reading("").data(node, ()) or []
        _replace(patch, node, [*old[:place], data, *old[place:]])
    return patch.applied()


def without(text: str, path: Path) -> str:
    """Without the entry or the item; the last one leaves an empty list or mapping."""
    patch = Patch(text)
    parent, last = patch.node(path[:-1]), path[-1]
    patch.node(path)
    if len(parent.value) == 1:
        _replace(patch, parent, [] if isinstance(last, int) else {})
    elif isinstance(last, int) and isinstance(parent, SequenceNode):
        _drop(patch, parent, last)
    else:
        patch.remove(path)
    return patch.applied()


def swapped(text: str, path: Path, first: int) -> str:
    """The item of the list and the next one change places, with the comments above them."""
    patch = Patch(text)
    node = patch.node(path)
    if not isinstance(node, SequenceNode) or not 0 <= first < len(node.value) - 1:
        raise NoSuchPlaceError(path)
    one, two = (
        (item.start_mark.index, item.end_mark.index) if node.flow_style else _lines(patch, node, first + offset)
        for offset, item in enumerate(node.value[first : first + 2])
    )
    for (begin, end), other in ((one, two), (two, one)):
        words = text[slice(*other)]
        patch.put(begin, end, words if node.flow_style or words.endswith("\n") else f"{words}\n")
    return patch.applied()


def same(old: Any, new: Any) -> bool:
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(same(old[key], new[key]) for key in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(same, old, new))
    return isinstance(old, bool) == isinstance(new, bool) and bool(old == new)


def _change(patch: Patch, node: Node, new: Any) -> bool:
    """The first change that brings the node nearer to what it shall say; False where it says that already."""
    old = Reading("").data(node, ())
    if same(old, new):
        return False
    if isinstance(node, MappingNode) and isinstance(new, dict) and old and new:
        return _change_mapping(patch, node, old, new)
    if isinstance(node, SequenceNode) and isinstance(new, list) and old and new:
        if len(old) == len(new):
            return any(_change(patch, item, data) for item, data in zip(node.value, new, strict=True))
        if not node.flow_style:
            place = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if not same(a, b)), None)
            if len(new) < len(old):
                _drop(patch, node, len(new) if place is None else place)
            else:
                place = len(old) if place is None else place
                _insert(patch, node, place, new[place])
            return True
    _replace(patch, node, new)
    return True


def _change_mapping(patch: Patch, node: MappingNode, old: dict[Any, Any], new: dict[Any, Any]) -> bool:
    pairs = {Reading("").data(key, ()): (key, value) for key, value in node.value}
    for key in old:
        if key in new and _change(patch, pairs[key][1], new[key]):
            return True
    gone, come = [key for key in old if key not in new], [key for key in new if key not in old]
    for before in gone:
        for after in come:
            if same(old[before], new[after]):
                patch.put(pairs[before][0].start_mark.index, pairs[before][0].end_mark.index, _key(after))
                return True
    if come:
        _append(patch, node, come[0], new[come[0]])
    else:
        patch.remove_pair(node, list(old).index(gone[0]))
    return True


def _append(patch: Patch, node: MappingNode, key: Any, value: Any) -> None:
    if node.flow_style or not node.value:
        end = node.end_mark.index - 1
        before = patch.text[:end].rstrip()[-1:]
        patch.put(end, end, ("" if before in "{," else ", ") + f"{_key(key)}: {flow(value)}")
        return
    column = node.value[0][0].start_mark.column
    end = patch.line_end(patch.end_of(node))
    patch.put(end, end, "\n" + " " * column + entry(key, value, column))


def _insert(patch: Patch, node: SequenceNode, place: int, value: Any) -> None:
    column = node.start_mark.column
    written = " " * column + item(value, column)
    if place < len(node.value):
        begin, _end = _lines(patch, node, place)
        patch.put(begin, begin, f"{written}\n")
    else:
        end = patch.line_end(patch.end_of(node))
        patch.put(end, end, f"\n{written}")


def _drop(patch: Patch, node: SequenceNode, place: int) -> None:
    if not node.flow_style:
        patch.put(*_lines(patch, node, place), "")
        return
    old = Reading("").data(node, ())
    _replace(patch, node, [*old[:place], *old[place + 1 :]])


def _lines(patch: Patch, node: SequenceNode, place: int) -> tuple[int, int]:
    """From the comments above the item to the end of its last line."""
    text, start = patch.text, node.value[place].start_mark.index
    begin = text.rfind("\n", 0, start) + 1
    if text[begin:start].strip() != "-":
        raise NoSuchPlaceError(place)
    indent = text[begin:start].index("-")
    while place and begin:
        above = text.rfind("\n", 0, begin - 1) + 1
        if not text[above:begin].startswith(" " * indent + "#"):
            break
        begin = above
    return begin, min(patch.line_end(patch.end_of(node.value[place])) + 1, len(text))


def _replace(patch: Patch, node: Node, value: Any) -> None:
    begin, end = node.start_mark.index, patch.end_of(node)
    if isinstance(node, ScalarNode) and begin >= end:
        begin = end = node.start_mark.index
    lead = "" if begin == 0 or patch.text[begin - 1] in " \n[{" else " "
    patch.put(begin, end, lead + flow(value))


def flow(value: Any) -> str:
    """On one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return number(value) if isinstance(value, Decimal) else str(value) if isinstance(value, int) else quoted(value)


def entry(key: Any, value: Any, column: int) -> str:
    """A key with its value, on one line where it fits."""
    line = f"{_key(key)}: {flow(value)}"
    if column + len(line) <= WIDTH or not value or not isinstance(value, dict | list):
        return line
    deeper = column + INDENT
    below = (
        [entry(name, one, deeper) for name, one in value.items()]
        if isinstance(value, dict)
        else [item(one, deeper) for one in value]
    )
    return "\n".join([f"{_key(key)}:", *(" " * deeper + words for words in below)])


def item(value: Any, column: int) -> str:
    line = f"- {flow(value)}"
    if column + len(line) <= WIDTH or not isinstance(value, dict) or not value:
        return line
    deeper = column + INDENT
    return "- " + ("\n" + " " * deeper).join(entry(key, one, deeper) for key, one in value.items())


def _key(key: Any) -> str:
    return str(key) if isinstance(key, int) else quoted(key)
