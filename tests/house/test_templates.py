"""House rules of the templates and the translations."""

import re
import sys
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# Mail programs know no style sheets: what is sent may carry styles of its own.
PAGES = [path for path in TEMPLATES if not {"notices", "mail"} & set(path.parts)]

INLINE = {
    "a script in the page": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.IGNORECASE),
    "a style in the page": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "an htmx event attribute": re.compile(r"\shx-on[:-]", re.IGNORECASE),
    "something from outside": re.compile(
        r"<(?:script|link|img|iframe)[^>]*\b(?:src|href)=[\"'](?:https?:)?//", re.IGNORECASE
    ),
}
TAGS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
TRANSLATED = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
COMMENTS = re.compile(
    r"{%\s*comment\b.*?{%\s*endcomment\s*%}|<!--.*?-->|{%\s*block body_class\s*%}.*?{%\s*endblock\s*%}", re.DOTALL
)
READ_ATTRIBUTES = re.compile(r"\b(?:title|placeholder|alt|aria-label)\s*=\s*\"([^\"]*)\"")
# What reads the same in every language.
WORDLESS = re.compile(r"&[a-z]+;|[\W\d_]+")
SAME_EVERYWHERE = {"htmx", "Pingheng", "CNY", "English", "YAML", "JSON", "CSV", "XLSX", "ID"}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_template_keeps_to_the_content_security_policy(path: Path) -> None:
    source = re.sub(r"{%.*?%}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = [f"{what}: {match[0][:80]}" for what, pattern in INLINE.items() for match in pattern.finditer(source)]
    assert found == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_compiles(path: Path) -> None:
    assert get_template(name(path))


def bare_words(source: str) -> list[str]:
    """Text of the page that no translation tag surrounds."""
    rest = TAGS.sub("", TRANSLATED.sub("", COMMENTS.sub("", source)))
    attributes = READ_ATTRIBUTES.findall(rest)
    text = re.sub(r"<(script|code)\b.*?</\1>", "", rest, flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", "\n", text)
    words = [word.strip() for line in (*text.splitlines(), *attributes) for word in [line] if WORDLESS.sub("", word)]
    return [word for word in words if WORDLESS.sub("", word) not in SAME_EVERYWHERE]


@pytest.mark.parametrize("path", [path for path in PAGES if name(path) != "appraisal/home/gallery.html"], ids=name)
def test_every_word_of_a_page_can_be_translated(path: Path) -> None:
    assert bare_words(path.read_text(encoding="utf-8")) == []


def test_the_search_for_bare_words_finds_them() -> None:
    page = (
        '<p title="Hint">{% translate "Good" %} Bad <b>{{ x }}</b>&nbsp;·'
        " {% blocktranslate %}Fine{% endblocktranslate %}</p>"
    )
    assert bare_words(page) == ["Bad", "Hint"]


def test_every_word_of_templates_and_code_has_its_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    sys.modules.pop("merge_messages", None)
    import merge_messages

    assert merge_messages.read_parts()[1] == []
    assert merge_messages.missing() == []


ICON_USES = re.compile(r"""{%\s*icon\s+["']([^"']+)["']|icon_name=["']([^"']+)["']""")


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    known = set((ROOT / "static/img/icons.txt").read_text(encoding="utf-8").split())
    used = {a or b for path in TEMPLATES for a, b in ICON_USES.findall(path.read_text(encoding="utf-8"))}
    assert used - known == set()
