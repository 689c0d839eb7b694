"""The pages of one appraisal, in every step and for everybody who may know of it, in at most twelve queries."""

import pytest
import time_machine
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from appraisal.people.models import User
from tests.cast import Cast
from tests.counting import counted_queries
from tests.factories.cycles import launch_one
from workflow import calendars

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
BUDGET = 12
BACKEND = "django.contrib.auth.backends.ModelBackend"
# The walk through the demo opens the pages of all roles.
READERS = ("employee", "manager", "sales_director", "hr")
ON = {"countersigning": {"on": True}, "calibrating": {"on": True}, "planning": {"on": True}}


def pages_of(appraisal: Appraisal) -> dict[str, str]:
    """Every named address below /appraisals/<pk>/ that needs nothing but the appraisal."""
    found = {}
    for room, (_prefix, resolver) in get_resolver().namespace_dict.items():
        for name in {key for key in resolver.reverse_dict if isinstance(key, str)}:
            try:
                address = reverse(f"{room}:{name}", args=[appraisal.pk])
            except NoReverseMatch:
                continue
            if address.startswith(f"/appraisals/{appraisal.pk}/"):
                found[f"{room}:{name}"] = address
    return found


@pytest.mark.parametrize("step", [step for step in Step if step != Step.WITHDRAWN])
def test_the_pages_of_an_appraisal_keep_the_budget_in_every_step(cast: Cast, step: Step) -> None:
    appraisal = launch_one(cast, step, steps=ON)
    pages = pages_of(appraisal)
    # A calendar made in this transaction is not kept between readings; one that stood before is.
    calendars.forget_daybooks()
    opened: dict[tuple[str, str], int] = {}
    with time_machine.travel(appraisal.state_since, tick=False):
        for part in READERS:
            client = Client()
            client.force_login(
                User.objects.get(pk=cast.members[part].user.pk), "django.contrib.auth.backends.ModelBackend"
            )
            client.get(pages["home:appraisal"])
            for name, address in pages.items():
                with counted_queries() as queries:
                    answer = client.get(address)
                if answer.status_code == 200:
                    opened[part, name] = len(queries)
    assert len(opened) >= len(READERS), opened
    over = sorted(((count, *key) for key, count in opened.items() if count > BUDGET), reverse=True)
    assert over == [], "\n".join(f"{count:3} {part:14} {name}" for count, part, name in over)
