from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.test import Client

from appraisal.cycles.models import AppraisalCycle, Track
from appraisal.cycles.process import scheme_of
from appraisal.cycles.states import CycleState
from appraisal.schemes.models import SchemeVersion
from appraisal.schemes.queries import published_versions, version_in_force
from appraisal.workshop import actions
from appraisal.workshop.actions import Head
from tests.cast import Cast, Member
from tests.schemes.documents import SMALL, small_text
from tests.workshop.conftest import AT, CASES
from workflow.errors import GuardRefused, NotAllowed, NotInThisState
from workflow.models import Fact

pytestmark = pytest.mark.django_db
Draft = Callable[..., SchemeVersion]


def published(cast: Cast, version: SchemeVersion, at: datetime = AT) -> SchemeVersion:
    actions.hand_in(acting_user=cast.hr.user, at=at, version=version)
    actions.publish(acting_user=cast.hr_two.user, at=at, version=version)
    return version


def test_a_copy_of_a_catalogue_scheme_is_a_draft_under_its_own_name(cast: Cast, client: Client) -> None:
    client.force_login(cast.hr.user)
    data = {"key": "our-sales", "title_zh": "我们的：方案", "title_en": "Ours, 2026", "valid_from": "2026-07-01"}
    response = client.post("/schemes/catalogue/key-account-manager/2020-01-01/copy/", data)
    version = SchemeVersion.objects.get()
    assert response.headers["Location"] == f"/schemes/{version.pk}/"
    assert (version.key, version.title_zh, version.title_en, version.valid_from, version.state, version.origin) == (
        "our-sales", "我们的：方案", "Ours, 2026", date(2026, 7, 1), "draft", "written",
    )  # fmt: skip
    assert version.scheme.title.zh == "我们的：方案"
    assert version.cases.startswith("# ") or "cases:" in version.cases
    assert list(Fact.objects.values_list("name", flat=True)) == ["scheme.written"]


@pytest.mark.parametrize("key", ["Our", "our_sales", "-x", "我们"])
def test_a_key_that_is_none_is_refused(cast: Cast, client: Client, key: str) -> None:
    client.force_login(cast.hr.user)
    data = {"key": key, "title_zh": "a", "title_en": "b", "valid_from": "2026-07-01"}
    assert client.post("/schemes/catalogue/key-account-manager/2020-01-01/copy/", data).status_code == 422
    assert SchemeVersion.objects.count() == 0


def test_a_copy_of_a_version_knows_where_it_comes_from(cast: Cast, draft: Draft) -> None:
    first = draft()
    head = Head("small", "小方案", "Small", date(2026, 7, 1))
    copy = actions.copy_scheme(
        acting_user=cast.hr.user, at=AT, document=first.document, cases=first.cases, head=head, based_on=first
    )
    assert copy.based_on == first
    assert copy.document == SMALL.replace("valid_from: 2026-01-01", "valid_from: 2026-07-01")
    with pytest.raises(GuardRefused):
        actions.copy_scheme(
            acting_user=cast.hr.user, at=AT, document=first.document, cases="", head=head, based_on=first
        )


def test_a_second_person_publishes_what_the_first_handed_in(cast: Cast, draft: Draft) -> None:
    version = draft()
    actions.hand_in(acting_user=cast.hr.user, at=AT, version=version)
    assert (version.state, version.handed_in_by) == ("in_review", cast.hr.user)
    with pytest.raises(GuardRefused, match="second person"):
        actions.publish(acting_user=cast.hr.user, at=AT, version=version)
    actions.publish(acting_user=cast.hr_two.user, at=AT, version=version)
    assert version.state == "published"
    assert version_in_force("small", on=date(2026, 2, 1)) == version
    assert list(Fact.objects.order_by("seq").values_list("name", flat=True)) == [
        "scheme.written", "scheme.submitted", "scheme.published",
    ]  # fmt: skip


def test_it_is_sent_back_with_a_reason_and_can_be_changed_again(cast: Cast, client: Client, draft: Draft) -> None:
    version = draft()
    actions.hand_in(acting_user=cast.hr.user, at=AT, version=version)
    client.force_login(cast.hr_two.user)
    address = f"/schemes/{version.pk}/send-back/"
    assert client.post(address, {"reason": " "}).status_code == 422
    assert client.post(address, {"reason": "The weights are not agreed."}).status_code == 302
    version.refresh_from_db()
    assert version.state == "draft"
    assert "The weights are not agreed." in client.get(f"/schemes/{version.pk}/").content.decode()


def test_nothing_is_published_while_a_number_is_missing(cast: Cast, draft: Draft) -> None:
    version = draft(small_text(("value: 120", "missing: true, proposed: 110")))
    with pytest.raises(GuardRefused, match="cap"):
        actions.hand_in(acting_user=cast.hr.user, at=AT, version=version)


def test_nothing_is_published_while_an_example_differs(cast: Cast, draft: Draft) -> None:
    version = draft()
    actions.hand_in(acting_user=cast.hr.user, at=AT, version=version)
    SchemeVersion.objects.filter(pk=version.pk).update(cases=CASES.replace("total: 94", "total: 95"))
    with pytest.raises(GuardRefused, match="all of it"):
        actions.publish(acting_user=cast.hr_two.user, at=AT, version=version)
    version.refresh_from_db()
    assert version.state == "in_review"


def test_the_page_offers_publishing_to_the_second_person_and_says_why_not_to_the_first(
    cast: Cast, draft: Draft, page: Callable[[Member, str], str]
) -> None:
    version = draft()
    assert f"/schemes/{version.pk}/submit/" in page(cast.hr, f"/schemes/{version.pk}/")
    actions.hand_in(acting_user=cast.hr.user, at=AT, version=version)
    mine, theirs = (page(member, f"/schemes/{version.pk}/") for member in (cast.hr, cast.hr_two))
    assert f"/schemes/{version.pk}/publish/" not in mine
    assert "a second person looks at it" in mine
    assert f"/schemes/{version.pk}/publish/" in theirs
    assert f"/schemes/{version.pk}/publish/" not in page(cast.auditor, f"/schemes/{version.pk}/")


def test_a_running_cycle_keeps_its_version_when_another_is_published_and_it_is_retired(
    cast: Cast, draft: Draft, client: Client
) -> None:
    first = published(cast, draft())
    cycle = AppraisalCycle.objects.create(
        name="2026", period_kind="quarter", starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31),
        calendar=cast.entity.calendar, owner=cast.hr.user, created_at=AT, state=CycleState.OPEN,
    )  # fmt: skip
    track = Track.objects.create(
        cycle=cycle, name="销售", scheme_version=first, scheme_digest=first.digest, population={}
    )
    text = small_text(("valid_from: 2026-01-01", "valid_from: 2026-02-01"), ("value: 120", "value: 150"))
    published(cast, draft(text))
    client.force_login(cast.hr.user)
    assert client.post(f"/schemes/{first.pk}/retire/", {"reason": "Replaced."}).status_code == 302
    first.refresh_from_db()
    assert first.state == "retired"
    assert [version.document for version in published_versions()] == [text]
    track = Track.objects.get(pk=track.pk)
    assert track.scheme_version == first
    assert scheme_of(track).parameters["cap"].number == 120
    assert str(cycle) in client.get(f"/schemes/{first.pk}/").content.decode()


def test_what_is_published_is_never_changed(cast: Cast, draft: Draft) -> None:
    version = published(cast, draft())
    with pytest.raises(NotInThisState):
        actions.save_document(
            acting_user=cast.hr.user, at=AT, version=version, text=small_text(("value: 120", "value: 1")),
            seen=version.digest,
        )  # fmt: skip
    with pytest.raises(NotInThisState):
        actions.save_cases(acting_user=cast.hr.user, at=AT, version=version, text="", seen="")


def test_a_complete_scheme_of_the_catalogue_is_published_as_it_is(cast: Cast, client: Client) -> None:
    client.force_login(cast.hr.user)
    response = client.post("/schemes/catalogue/sales-specialist/2026-01-01/take/")
    version = SchemeVersion.objects.get()
    assert response.headers["Location"] == f"/schemes/{version.pk}/"
    assert (version.key, version.state, version.origin) == ("sales-specialist", "published", "catalogue")
    assert "B-15" in version.cases


POSTS = ("submit", "send-back", "publish", "retire", "copy", "edit", "edit/weights", "examples")


@pytest.mark.parametrize("part", ["auditor", "sysadmin"])
def test_the_auditor_and_the_administrator_read_and_change_nothing(
    cast: Cast, client: Client, draft: Draft, part: str
) -> None:
    version = draft()
    client.force_login(cast.members[part].user)
    for path in ("", f"{version.pk}/", f"{version.pk}/difference/", f"{version.pk}/calculate/"):
        assert client.get(f"/schemes/{path}").status_code == 200, path
    for path in ("edit", "edit/weights", "examples", "copy"):
        assert client.get(f"/schemes/{version.pk}/{path}/").status_code == 404, path
    for path in POSTS:
        assert client.post(f"/schemes/{version.pk}/{path}/", {"reason": "x"}).status_code == 404, path
    assert client.post("/schemes/catalogue/sales-specialist/2026-01-01/take/").status_code == 404
    assert client.post("/schemes/check/", {"text": "a"}).status_code == 404
    assert list(SchemeVersion.objects.values_list("state", flat=True)) == ["draft"]


@pytest.mark.parametrize("part", ["outsider", "manager", "hr_partner"])
def test_for_others_there_are_no_schemes(cast: Cast, client: Client, draft: Draft, part: str) -> None:
    version = draft()
    client.force_login(cast.members[part].user)
    paths = ("", "catalogue/sales-specialist/2026-01-01/", f"{version.pk}/", f"{version.pk}/calculate/",
             f"{version.pk}/document/", f"{version.pk}/difference/", f"{version.pk}/edit/")  # fmt: skip
    for path in paths:
        assert client.get(f"/schemes/{path}").status_code == 404, path
    for path in POSTS:
        assert client.post(f"/schemes/{version.pk}/{path}/", {"reason": "x"}).status_code == 404, path


def test_the_actions_check_for_themselves(cast: Cast, draft: Draft) -> None:
    version = draft()
    for call in (
        lambda user: actions.save_document(acting_user=user, at=AT, version=version, text=SMALL, seen=version.digest),
        lambda user: actions.save_cases(acting_user=user, at=AT, version=version, text="", seen=""),
        lambda user: actions.hand_in(acting_user=user, at=AT, version=version),
        lambda user: actions.take_from_catalogue(acting_user=user, at=AT, key="sales-specialist"),
        lambda user: actions.copy_scheme(
            acting_user=user, at=AT, document=SMALL, cases="", head=Head("x", "a", "b", date(2026, 1, 1))
        ),
    ):
        for member in (cast.auditor, cast.sysadmin, cast.manager):
            with pytest.raises(NotAllowed):
                call(member.user)
