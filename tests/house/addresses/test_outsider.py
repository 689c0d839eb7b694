"""Every address of the site, asked by who has nothing to do with it: forbidden and unknown are the same answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import get_converters

from tests.cast import Cast
from tests.house.addresses.table import EVERYBODY, NAMES_A_ROW, PUBLIC, SIGN_IN, UNKNOWN, World, known, variants, world

METHODS = ("get", "post")
INSIDERS = ("hr", "manager", "employee", "second_level", "legal", "sysadmin", "colleague_one")
# What an address must be told to answer at all.
TOLD = {"post": {"act": "nudge"}, "get": {}}
TOLD_AT = {"records:document_act": {"act": "hand_in"}}
PART = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
GROUP = re.compile(r"\(\?P<(?P<name>\w+)>[^)]*\)")

# Tokens, and the address itself in the forms that come back to it.
OF_THE_REQUEST = re.compile(r'(name="csrfmiddlewaretoken" value="|"X-CSRFToken": "|nonce="|name="next" value=")[^"]*')


class Address(NamedTuple):
    name: str
    namespace: str
    route: str
    parts: frozenset[str]

    def path(self, values: Mapping[str, Any]) -> str:
        def write(found: re.Match[str]) -> str:
            converter = found.groupdict().get("converter")
            value = values[found["name"]]
            return str(get_converters()[converter].to_url(value) if converter else value)

        filled = PART.sub(write, GROUP.sub(write, self.route))
        return "/" + re.sub(r"[\^$\\]", "", filled)


def _walk(resolver: URLResolver, before: str = "", namespace: str = "") -> Iterator[Address]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, route, entry.namespace or namespace)
        elif isinstance(entry, URLPattern):
            name = f"{namespace}:{entry.name}" if namespace else str(entry.name)
            parts = {found["name"] for found in (*PART.finditer(route), *GROUP.finditer(route))}
            yield Address(name, namespace, route, frozenset(parts))


ADDRESSES = [
    address for address in _walk(get_resolver()) if address.name not in PUBLIC and not address.route.startswith(SIGN_IN)
]
PROTECTED = [address for address in ADDRESSES if address.name not in EVERYBODY]


@pytest.fixture
def there(cast: Cast, settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = str(tmp_path)
    (tmp_path / "evidence/2026/04").mkdir(parents=True)
    (tmp_path / "evidence/2026/04/crm.png").write_bytes(b"png")
    return world(cast)


def values_of(there: World, address: Address, number: int = 0) -> Mapping[str, Any]:
    """The parts of the address of a row that exists."""
    table = known(there, number)[address.namespace] if address.parts else {}
    beginnings = [start for start in table if address.route.replace("^", "").startswith(start)]
    values = table[max(beginnings, key=len)] if beginnings else {}
    missing = address.parts - set(values)
    assert not missing, f"{address.name}: the table does not say what {missing} are"
    return values


def strange(values: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: UNKNOWN if name in NAMES_A_ROW else value for name, value in values.items()}


def _told(method: str, name: str) -> Mapping[str, str]:
    return TOLD_AT.get(name, TOLD[method]) if method == "post" else TOLD[method]


def _answer(client: Client, method: str, path: str, name: str = "") -> tuple[int, str]:
    response = getattr(client, method)(path, _told(method, name), headers={"accept-language": "en"})
    body = b"".join(response) if response.streaming else response.content
    text = OF_THE_REQUEST.sub(r"\1", body.decode(errors="replace"))
    # The menu marks the room of the address, whatever row it names.
    return response.status_code, text.replace(' aria-current="page"', "")


def test_to_an_outsider_what_is_forbidden_looks_like_what_is_unknown(there: World, client: Client) -> None:
    client.force_login(there.cast.outsider.user)
    nowhere = {method: _answer(client, method, "/no-such-page/") for method in METHODS}
    wrong = []
    for address in PROTECTED:
        takes = set()
        for number in variants(there, address.route):
            values = values_of(there, address, number)
            for method in METHODS:
                path = address.path(values)
                forbidden = _answer(client, method, path, address.name)
                unknown = _answer(client, method, address.path(strange(values)), address.name)
                if forbidden[0] == unknown[0] == 405:
                    continue  # Not a method of this address, whatever it names.
                takes.add(method)
                if not forbidden == unknown == nowhere[method]:
                    wrong.append((address.name, method, path, forbidden[0], unknown[0]))
        if not takes:
            wrong.append((address.name, "takes no method", "", 0, 0))
    assert wrong == []


def test_the_pages_of_everybody_answer_everybody(there: World, client: Client) -> None:
    client.force_login(there.cast.outsider.user)
    found = {address.name: address for address in ADDRESSES if address.name in EVERYBODY}
    assert set(found) == set(EVERYBODY)
    for name, address in found.items():
        codes = {method: _answer(client, method, address.path({}))[0] for method in METHODS}
        assert {200, 302} & set(codes.values()), (name, codes)


def test_nobody_comes_in_without_signing_in(there: World, client: Client) -> None:
    wrong = []
    for address in ADDRESSES:
        values = values_of(there, address)
        for path in {address.path(values), address.path(strange(values))}:
            answers = [getattr(client, method)(path) for method in METHODS]
            codes = [(answer.status_code, answer.headers.get("Location", "")) for answer in answers]
            taken = [code for code in codes if code[0] != 405]
            if not taken or any(code != 302 or not to.startswith("/accounts/login/?") for code, to in taken):
                wrong.append((address.name, path, codes))
    assert wrong == []


def test_the_lists_of_exceptions_name_pages_that_exist() -> None:
    names = {address.name for address in _walk(get_resolver())}
    assert set(PUBLIC) | set(EVERYBODY) <= names
    assert len(PROTECTED) > 100


def _somebody_gets_in(there: World, client: Client, address: Address) -> bool:
    """Whether anybody of the cast finds something there; what the request has changed is taken back."""
    for number in variants(there, address.route):
        path = address.path(values_of(there, address, number))
        for person in INSIDERS:
            client.force_login(getattr(there.cast, person).user)
            for method in METHODS:
                with transaction.atomic():
                    code = getattr(client, method)(path, _told(method, address.name)).status_code
                    transaction.set_rollback(True)
                if code not in {404, 405}:
                    return True
    return False


def test_the_rows_that_the_table_names_are_really_there(there: World, client: Client) -> None:
    """Otherwise the outsider would have been refused what nobody can reach."""
    assert " ".join(address.name for address in PROTECTED if not _somebody_gets_in(there, client, address)) == ""
