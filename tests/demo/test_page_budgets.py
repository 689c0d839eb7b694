"""Every page that somebody of the demo reaches by its links: in how many queries, and that no link is dead."""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest
import time_machine
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import Resolver404, resolve

from appraisal.cycles.models import Track
from appraisal.demo.company import LOGINS
from appraisal.improvement.models import ImprovementPlan
from appraisal.people.models import User
from appraisal.schemes.queries import scheme_by_digest
from tests.counting import counted_queries
from tests.demo.conftest import TODAY
from tests.shots_places import places

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.xdist_group("demo")]
BUDGET = 12
# So many addresses of one page are opened by one reader, with a query string as many again.
OF_A_KIND = 3
LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)')
# Signing out would end the walk.
NOT_WALKED = {"account_logout"}


@dataclass(frozen=True)
class Visited:
    who: str
    page: str
    address: str
    status: int
    queries: int
    linked: bool


def walk(who: str, start: Iterable[str]) -> Iterator[Visited]:
    """Opens what can be reached from the first addresses, a few of each kind."""
    client = Client()
    client.force_login(User.objects.get(username=who), backend="django.contrib.auth.backends.ModelBackend")
    waiting, known = deque((address, False) for address in start), set(start)
    opened: Counter[tuple[str, bool]] = Counter()
    while waiting:
        address, linked = waiting.popleft()
        path, _mark, asked = address.partition("?")
        try:
            page = resolve(path).view_name
        except Resolver404:
            continue
        if page in NOT_WALKED or opened[page, bool(asked)] == OF_A_KIND:
            continue
        opened[page, bool(asked)] += 1
        with counted_queries() as queries:
            answer = client.get(address)
        yield Visited(who, page, address, answer.status_code, len(queries), linked)
        found = [answer["Location"]] if answer.status_code == 302 else []
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            found = [html.unescape(link) for link in LINK.findall(answer.content.decode())]
        for link in found:
            if link.startswith("/") and link not in known:
                known.add(link)
                waiting.append((link, True))


@pytest.fixture
def visited(demo) -> list[Visited]:
    # What a process reads once in its life is no page's own.
    ContentType.objects.get_for_models(*apps.get_models())
    for digest in set(Track.objects.values_list("scheme_digest", flat=True)):
        scheme_by_digest(digest)
    start: dict[str, set[str]] = defaultdict(set)
    for role, pages in places().items():
        if " " in role:
            start[role.split()[0]] |= set(pages.values())
    mentors = ImprovementPlan.objects.values_list("mentor__number", flat=True)
    for number in {*(number for number, _role in LOGINS), *mentors} - start.keys():
        start[number] = {"/"}
    with time_machine.travel(TODAY, tick=False):
        User.objects.get(username=LOGINS[0][0])
        return [page for number in sorted(start) for page in walk(number, sorted(start[number]))]


def table(pages: Iterable[Visited]) -> str:
    rows = sorted(pages, key=lambda page: (-page.queries, page.page, page.who))
    return "\n".join(f"{row.queries:3} {row.status} {row.who:6} {row.page:36} {row.address}" for row in rows)


def test_every_page_keeps_the_budget_and_no_link_is_dead(visited: list[Visited]) -> None:
    kinds = {page.page for page in visited if page.status == 200}
    assert len(kinds) >= 80, sorted(kinds)
    assert len(visited) >= 800
    over = [page for page in visited if page.queries > BUDGET]
    assert over == [], f"over {BUDGET} queries:\n{table(over)}"
    dead = [page for page in visited if page.linked and page.status >= 400]
    assert dead == [], f"dead links:\n{table(dead)}"
