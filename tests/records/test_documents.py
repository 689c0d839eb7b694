"""A document comes in versions, is judged by somebody else, and is late when it came after its day."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from appraisal.cycles.models import Appraisal
from appraisal.records import documents
from appraisal.records.models import Deliverable, DocumentVersion
from appraisal.records.periods import Period
from appraisal.records.sheets import spec_in
from appraisal.schemes.spec import Deliverable as DeliverableSpec
from tests.cast import Cast, Member
from tests.factories.kinds import EVERY_KIND, launch_on
from workflow.errors import GuardRefused, NotAllowed

pytestmark = pytest.mark.django_db
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture(autouse=True)
def _now(time_machine: object, at: datetime, english: None, settings: object, tmp_path: object) -> None:
    time_machine.move_to(at, tick=False)  # type: ignore[attr-defined]
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


@pytest.fixture
def own(cast: Cast) -> Appraisal:
    return launch_on(cast, EVERY_KIND)[0]


def pdf(name: str = "SWOT.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n", content_type="application/pdf")


def swot(member: Member) -> Deliverable:
    spec = spec_in(MARCH, member.person, "reports")
    assert isinstance(spec, DeliverableSpec)
    return documents.document_named(member.person, MARCH, "reports", spec, "swot")


def handed_in(cast: Cast, at: datetime) -> Deliverable:
    return documents.hand_in(acting_user=cast.employee.user, at=at, document=swot(cast.employee), file=pdf())


@pytest.mark.usefixtures("own")
def test_a_second_version_waits_for_a_judgement_of_its_own(cast: Cast, at: datetime) -> None:
    document = handed_in(cast, at)
    documents.accept(acting_user=cast.manager.user, at=at, document=document, quality=Decimal(90), note="好")
    assert (document.state, document.quality) == ("accepted", Decimal(90))
    again = documents.hand_in(acting_user=cast.employee.user, at=at, document=swot(cast.employee), file=pdf("B.pdf"))
    assert (again.state, again.number, again.quality) == ("handed_in", 2, None)
    assert list(DocumentVersion.objects.order_by("number").values_list("number", "name")) == [
        (1, "SWOT.pdf"), (2, "B.pdf"),
    ]  # fmt: skip


@pytest.mark.usefixtures("own")
def test_what_came_after_its_day_is_accepted_late(cast: Cast, at: datetime) -> None:
    documents.set_due_day(
        acting_user=cast.manager.user, at=at, document=swot(cast.employee), due_on=(at - timedelta(days=1)).date()
    )
    document = documents.accept(acting_user=cast.manager.user, at=at, document=handed_in(cast, at))
    assert document.state == "late"


@pytest.mark.usefixtures("own")
def test_a_rejection_needs_a_reason(cast: Cast, at: datetime) -> None:
    document = handed_in(cast, at)
    with pytest.raises(GuardRefused):
        documents.reject(acting_user=cast.manager.user, at=at, document=document, reason="")
    document = documents.reject(acting_user=cast.manager.user, at=at, document=document, reason="缺数据")
    assert document.state == "rejected"


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize("who", ["employee", "colleague_one", "finance", "outsider"])
def test_a_document_is_judged_by_a_manager_or_hr_alone(cast: Cast, at: datetime, who: str) -> None:
    document = handed_in(cast, at)
    with pytest.raises(NotAllowed):
        documents.accept(acting_user=cast.members[who].user, at=at, document=document)


@pytest.mark.usefixtures("own")
def test_hr_does_not_judge_what_it_handed_in(cast: Cast, at: datetime) -> None:
    document = documents.hand_in(acting_user=cast.hr.user, at=at, document=swot(cast.employee), file=pdf())
    with pytest.raises(GuardRefused):
        documents.accept(acting_user=cast.hr.user, at=at, document=document)
    assert documents.accept(acting_user=cast.hr_two.user, at=at, document=document).state == "accepted"


@pytest.mark.usefixtures("own")
def test_the_page_takes_a_file_and_shows_what_is_refused(cast: Cast, client: Client) -> None:
    address = f"/records/documents/{cast.employee.person.pk}/2026-03/reports/"
    client.force_login(cast.employee.user)
    assert "SWOT report" in client.get(address, headers={"accept-language": "en"}).content.decode()
    wrong = SimpleUploadedFile("a.exe", b"MZ\x00\x01")
    refused = client.post(f"{address}act/", {"act": "hand_in", "known": "1", "name": "swot", "file": wrong})
    assert refused.status_code == 422
    sent = client.post(f"{address}act/", {"act": "hand_in", "known": "1", "name": "swot", "file": pdf()})
    assert (sent.status_code, Deliverable.objects.get().state) == (302, "handed_in")
    file = f"/records/documents/file/{DocumentVersion.objects.get().pk}/"
    assert client.get(file)["Content-Disposition"].startswith("attachment")
    client.force_login(cast.outsider.user)
    assert (client.get(file).status_code, client.get(address).status_code) == (404, 404)
    client.force_login(cast.manager.user)
    judged = {"act": "accept", "known": "1", "name": "swot", "quality": "101", "note": "很好"}
    response = client.post(f"{address}act/", judged)
    assert (response.status_code, "很好" in response.content.decode()) == (422, True)
    assert client.post(f"{address}act/", {**judged, "quality": "95"}).status_code == 302
    assert Deliverable.objects.get().quality == 95
