"""A ledger is typed or imported by its owner, counts once it is locked, and keeps what was removed."""

from datetime import date, datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from appraisal.cycles.models import Appraisal
from appraisal.records.ledgers import Entered, ledger_of, lock_ledger, save_rows, unlock_ledger
from appraisal.records.models import FigureImport, Ledger, LedgerRow
from appraisal.records.periods import Period
from appraisal.records.sheets import spec_in
from appraisal.schemes.spec import Ledger as LedgerSpec
from tests.cast import Cast, Member
from tests.counting import counted_queries
from tests.factories.kinds import EVERY_KIND, launch_on
from workflow.errors import Conflict, GuardRefused, NotAllowed, NotInThisState
from workflow.models import Fact

pytestmark = pytest.mark.django_db
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
ROW = {"customer": "甲公司", "amount": "1000", "signed_on": "2026-03-05", "kind": "new", "paid": "yes"}
LIST = "/records/sheets/?period=2026-03"


@pytest.fixture(autouse=True)
def _now(time_machine: object, at: datetime, english: None) -> None:
    time_machine.move_to(at, tick=False)  # type: ignore[attr-defined]


@pytest.fixture
def own(cast: Cast) -> Appraisal:
    return launch_on(cast, EVERY_KIND)[0]


def given(member: Member) -> LedgerSpec:
    spec = spec_in(MARCH, member.person, "contracts")
    assert isinstance(spec, LedgerSpec)
    return spec


def blank(member: Member) -> Ledger:
    return ledger_of(member.person, MARCH, "contracts", given(member))


def saved(cast: Cast, at: datetime, *rows: dict[str, str | None], edition: int = 0) -> Ledger:
    return save_rows(
        acting_user=cast.finance.user, at=at, ledger=blank(cast.employee),
        rows=[Entered(row) for row in rows], edition=edition,
    )  # fmt: skip


def url(member: Member, more: str = "") -> str:
    return f"/records/ledgers/{member.person.pk}/2026-03/contracts/{more}"


def get(client: Client, member: Member, address: str) -> object:
    client.force_login(member.user)
    return client.get(address, headers={"accept-language": "en"})


@pytest.mark.usefixtures("own")
def test_a_changed_row_is_a_new_one_and_what_was_removed_stays_in_the_log(cast: Cast, at: datetime) -> None:
    ledger = saved(cast, at, ROW, {**ROW, "amount": "2000"}, {**ROW, "amount": "3000"})
    first, second, third = ledger.rows.all()
    ledger = save_rows(
        acting_user=cast.finance.user, at=at, ledger=ledger, edition=1,
        rows=[Entered(first.cells, first.pk), Entered({**ROW, "amount": "2500"}, second.pk)],
    )  # fmt: skip
    assert [row.cells["amount"] for row in ledger.rows.filter(removed_at=None)] == ["1000", "2500"]
    assert LedgerRow.objects.get(pk=third.pk).removed_by == cast.finance.user
    fact = Fact.objects.filter(name="ledger.changed").latest("pk")
    assert (fact.data["new"], fact.data["changed"], fact.data["removed"]) == (0, 1, 1)
    assert fact.personal == {"removed": [{**ROW, "amount": "3000"}]}


@pytest.mark.usefixtures("own")
def test_two_open_pages_do_not_overwrite_each_other(cast: Cast, at: datetime) -> None:
    saved(cast, at, ROW)
    with pytest.raises(Conflict):
        saved(cast, at, {**ROW, "amount": "9"}, edition=0)


@pytest.mark.usefixtures("own")
def test_a_locked_ledger_changes_only_after_it_was_unlocked_with_a_reason(cast: Cast, at: datetime) -> None:
    ledger = saved(cast, at, ROW)
    lock_ledger(acting_user=cast.finance.user, at=at, ledger=ledger, given=given(cast.employee))
    with pytest.raises(NotInThisState):
        saved(cast, at, edition=1)
    ledger = blank(cast.employee)
    with pytest.raises(GuardRefused):
        unlock_ledger(acting_user=cast.finance.user, at=at, ledger=ledger, reason=" ")
    unlock_ledger(acting_user=cast.finance.user, at=at, ledger=ledger, reason="漏登一单")
    assert saved(cast, at, ROW, ROW, edition=1).rows.filter(removed_at=None).count() == 2
    assert Fact.objects.get(name="ledger.unlocked").reason == "漏登一单"


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize("who", ["employee", "manager", "operations", "outsider"])
def test_only_its_owner_or_hr_writes_a_ledger(cast: Cast, at: datetime, who: str) -> None:
    with pytest.raises(NotAllowed):
        save_rows(
            acting_user=cast.members[who].user, at=at, ledger=blank(cast.employee), rows=[Entered(ROW)], edition=0
        )
    assert Ledger.objects.count() == 0


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(
    ("who", "status"),
    [("employee", 200), ("manager", 200), ("finance", 200), ("hr", 200), ("auditor", 200), ("outsider", 404),
     ("operations", 404), ("colleague_one", 404)],
)  # fmt: skip
def test_a_ledger_is_found_by_those_concerned(cast: Cast, client: Client, who: str, status: int) -> None:
    assert get(client, cast.members[who], url(cast.employee)).status_code == status  # type: ignore[attr-defined]


@pytest.mark.usefixtures("own")
def test_a_faulty_cell_is_named_and_everything_typed_stays(cast: Cast, client: Client) -> None:
    client.force_login(cast.finance.user)
    typed = {"edition": "0", "rows": "1", "r1-customer": "乙公司", "r1-amount": "一千", "r1-signed_on": "2026-03-05"}
    response = client.post(url(cast.employee), typed, headers={"accept-language": "en"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Row 1, Amount: This is not a number with at most four decimals." in page
    assert ('value="乙公司"' in page, 'value="一千"' in page) == (True, True)
    assert LedgerRow.objects.count() == 0


@pytest.mark.usefixtures("own")
def test_typed_rows_are_saved_and_an_empty_one_is_left_out(cast: Cast, client: Client) -> None:
    client.force_login(cast.finance.user)
    typed = {"edition": "0", "rows": "2", "r1-customer": "乙公司", "r1-amount": "￥1,000.50", "r1-kind": "old"}
    assert client.post(url(cast.employee), typed).status_code == 302
    assert [row.cells for row in LedgerRow.objects.all()] == [
        {"customer": "乙公司", "amount": "1000.5", "signed_on": None, "kind": "old", "paid": None}
    ]
    assert client.post(url(cast.employee, "lock/")).status_code == 302
    assert "Locked" in get(client, cast.employee, url(cast.employee)).content.decode()  # type: ignore[attr-defined]


def workbook(*rows: tuple[object, ...]) -> SimpleUploadedFile:
    book, stream = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return SimpleUploadedFile("合同.xlsx", stream.getvalue())


HEADINGS = ("客户", "金额", "签约日", "类型", "已回款")


@pytest.mark.usefixtures("own")
def test_a_table_is_shown_before_it_takes_the_place_of_the_rows(cast: Cast, client: Client, at: datetime) -> None:
    saved(cast, at, ROW, {**ROW, "amount": "7"})
    client.force_login(cast.finance.user)
    first = ("甲公司", 1000, datetime(2026, 3, 5), "新签", "是")
    file = workbook(HEADINGS, first, ("丙公司", 800.25, None, "续签", "否"))
    checked = client.post(url(cast.employee, "import/"), {"file": file}, follow=True, headers={"accept-language": "en"})
    assert "2 rows stand there now; with this file there would be 2." in checked.content.decode()
    assert LedgerRow.objects.count() == 2
    upload = FigureImport.objects.get()
    digest = checked.context["plan"].digest
    assert client.post(f"/records/ledgers/import/{upload.pk}/confirm/", {"digest": digest}).status_code == 302
    rows = LedgerRow.objects.filter(removed_at=None)
    assert [(row.cells["customer"], row.cells["amount"], row.cells["paid"]) for row in rows] == [
        ("甲公司", "1000", "yes"), ("丙公司", "800.25", "no"),
    ]  # fmt: skip
    assert [row.source for row in rows] == ["typed", "合同.xlsx #3"]


@pytest.mark.usefixtures("own")
def test_a_faulty_table_names_row_and_column_and_writes_nothing(cast: Cast, client: Client) -> None:
    client.force_login(cast.finance.user)
    file = workbook(HEADINGS, ("甲公司", "很多", None, "新签", "是"), (None, 800, None, "别的", "否"))
    page = client.post(url(cast.employee, "import/"), {"file": file}, follow=True, headers={"accept-language": "en"})
    problems = [(one.line, one.column) for one in page.context["plan"].problems]
    assert problems == [(2, "Amount"), (3, "Kind")]
    upload = FigureImport.objects.get()
    client.post(f"/records/ledgers/import/{upload.pk}/confirm/", {"digest": page.context["plan"].digest})
    assert LedgerRow.objects.count() == 0


def test_the_list_costs_the_same_for_one_person_and_for_three(cast: Cast, client: Client) -> None:
    launch_on(cast, EVERY_KIND)
    client.force_login(cast.hr.user)
    client.get(LIST)
    with counted_queries() as one:
        assert len(client.get(LIST).context["page"]) == 2
    launch_on(cast, EVERY_KIND.replace("every-kind", "every-kind-too"), *cast.colleagues)
    client.get(LIST)
    with counted_queries() as four:
        assert len(client.get(LIST).context["page"]) == 8
    assert len(one) == len(four) <= 12


@pytest.mark.usefixtures("own")
def test_whoever_has_left_finance_sees_no_more_of_a_table_they_uploaded(cast: Cast, client: Client) -> None:
    client.force_login(cast.finance.user)
    file = workbook(HEADINGS, ("甲公司", 1000, None, "新签", "是"))
    address = client.post(url(cast.employee, "import/"), {"file": file}).headers["Location"]
    assert client.get(address).status_code == 200
    cast.finance.user.groups.clear()
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(("settings", "most"), [({}, 2), ({"most_contracts": "1"}, 1)])
def test_no_more_rows_are_locked_than_the_scheme_or_the_cycle_allows(
    cast: Cast, at: datetime, settings: dict[str, str], most: int
) -> None:
    limited = EVERY_KIND.replace(
        "    owner: finance\n    columns:",
        "    owner: finance\n    at_most_rows: {parameter: most_contracts}\n    columns:",
    ).replace("parameters:\n", "parameters:\n  most_contracts: {label: {zh: 最多份数, en: Most contracts}, value: 2}\n")
    launch_on(cast, limited, parameters=settings)
    ledger = saved(cast, at, *[ROW] * (most + 1))
    with pytest.raises(GuardRefused) as refused:
        lock_ledger(acting_user=cast.finance.user, at=at, ledger=ledger, given=given(cast.employee))
    assert str(refused.value.reason).startswith(f"At most {most} row")

    ledger = saved(cast, at, *[ROW] * most, edition=1)
    assert lock_ledger(acting_user=cast.finance.user, at=at, ledger=ledger, given=given(cast.employee)).is_locked
