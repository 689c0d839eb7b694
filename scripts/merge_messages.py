"""Merge the translations of the rooms (locale/zh_Hans/parts/*.po) and compile them; no gettext programs needed.

python scripts/merge_messages.py              write and compile the catalogues
python scripts/merge_messages.py --missing    list the words of templates and code that have no Chinese
python scripts/merge_messages.py --unused     list the entries of the parts that nothing uses
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PARTS = ROOT / "locale" / "zh_Hans" / "parts"
CODE = ("appraisal", "workflow", "notifications", "config")
STRING = r"""\s*u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
CALL = re.compile(rf"\b(n?p?gettext|_)\({STRING}(?:\s*,{STRING})?(?:\s*,{STRING})?")
# How many leading arguments are text, by function; the first is the context where the name has a "p".
ARITY = {"_": 1, "gettext": 1, "ngettext": 2, "pgettext": 2, "npgettext": 3}

HEADER = """\
# Made by scripts/merge_messages.py from locale/zh_Hans/parts; change those.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


class Word(NamedTuple):
    """What identifies a message: its context and its text (the singular, where there is a plural)."""

    context: str | None
    text: str


class Place(NamedTuple):
    word: Word
    where: str


def word_of(function: str, texts: list[str]) -> Word:
    return Word(texts[0], texts[1]) if "p" in function else Word(None, texts[0])


def of_template(path: Path) -> Iterator[Place]:
    source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for call in CALL.finditer(source):
        texts = [ast.literal_eval(text) for text in call.groups()[1:] if text]
        yield Place(word_of(call[1], texts), str(path.relative_to(ROOT)))


def of_code(path: Path) -> Iterator[Place]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", "")).removesuffix("_lazy")
        arguments = node.args[: ARITY.get(name, 0)]
        texts = [argument.value for argument in arguments if isinstance(argument, ast.Constant)]
        if texts and len(texts) == len(arguments) and all(isinstance(text, str) for text in texts):
            yield Place(word_of(name, [str(text) for text in texts]), f"{path.relative_to(ROOT)}:{node.lineno}")


def words_used() -> list[Place]:
    places: list[Place] = []
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            places += of_template(path)
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            places += of_code(path)
    return places


def read_parts() -> tuple[Catalog, list[str]]:
    """All parts in one catalogue, and where two of them translate one message differently."""
    merged = Catalog(locale="zh_Hans", project="Pingheng", charset="utf-8", fuzzy=False)
    said: dict[Word, tuple[object, str]] = {}
    problems = []
    for path in sorted(PARTS.glob("*.po")):
        with path.open("rb") as file:
            part = read_po(file, locale="zh_Hans", abort_invalid=True)
        for message in part:
            if not message.id:
                continue
            text = message.id[0] if isinstance(message.id, tuple) else message.id
            word = Word(message.context, text)
            chinese = message.string
            known, where = said.get(word, (None, ""))
            if known is None:
                said[word] = (chinese, path.name)
                merged.add(message.id, chinese, context=message.context)
            elif known not in (chinese, (chinese,)) and (known,) != chinese:
                problems.append(f"{path.name}: “{text}” is {known!r} in {where}, but {chinese!r} here")
    return merged, problems


def translated(catalogue: Catalog) -> set[Word]:
    found = set()
    for message in catalogue:
        if message.id and all(message.string if isinstance(message.string, tuple) else (message.string,)):
            found.add(Word(message.context, message.id[0] if isinstance(message.id, tuple) else message.id))
    return found


def missing() -> list[str]:
    known = translated(read_parts()[0])
    seen: set[Word] = set()
    lines = []
    for word, where in words_used():
        if word not in known and word not in seen:
            seen.add(word)
            lines.append(f"{where}: {word.text!r}" + (f" (context {word.context!r})" if word.context else ""))
    return lines


def unused() -> list[str]:
    used = {place.word for place in words_used()}
    return sorted(repr(word.text) for word in translated(read_parts()[0]) - used)


def write(catalogue: Catalog, language: str) -> None:
    folder = ROOT / "locale" / language / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "django.po").open("wb") as file:
        # Babel's own header has the time in it, so that every run would be a change.
        file.write(HEADER.format(language=language, plurals=catalogue.plural_forms).encode())
        write_po(file, catalogue, sort_output=True, width=120, omit_header=True)
    with (folder / "django.mo").open("wb") as file:
        write_mo(file, catalogue)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--missing", action="store_true", help="list what has no Chinese; exit 1 if there is any")
    parser.add_argument("--unused", action="store_true", help="list what the parts translate and nothing uses")
    options = parser.parse_args()
    if options.missing or options.unused:
        lines = missing() if options.missing else unused()
        print("\n".join(lines))
        return 1 if lines else 0
    catalogue, problems = read_parts()
    for problem in problems:
        print(f"merge_messages: {problem}", file=sys.stderr)
    write(catalogue, "zh_Hans")
    write(Catalog(locale="en", project="Pingheng", charset="utf-8", fuzzy=False), "en")
    print(f"{len(translated(catalogue))} messages in Chinese")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
