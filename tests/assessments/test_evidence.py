"""Files: what they are by content, who may attach, see and remove them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from appraisal.assessments.actions import attach_evidence, remove_evidence
from appraisal.assessments.models import Evidence
from appraisal.cycles.models import Appraisal
from appraisal.cycles.states import Step
from appraisal.records.files import examine, safe_name
from tests.cast import Cast
from tests.factories.cycles import at, walk_to
from workflow.errors import GuardRefused, NotAllowed, NotInThisState

THEN = at(4, 2)
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 40
EXE = b"MZ\x90\x00" + b"\x00" * 60


@pytest.fixture(autouse=True)
def _files_apart(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def png(name: str = "CRM截图.png", tail: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PNG + tail)


def workbook() -> bytes:
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    return buffer.getvalue()


def package(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


DOCX = package("[Content_Types].xml", "word/document.xml")
GBK = "客户,评分\n甲,5\n".encode("gb18030")


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("截图.png", PNG, "image/png"),
        ("照片.JPG", b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        ("合同.pdf", b"%PDF-1.7\n%", "application/pdf"),
        ("表.xlsx", workbook(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("文.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 40, "application/vnd.ms-excel"),
        ("反馈.csv", GBK, "text/csv"),
        ("说明.txt", "客户反馈：很好".encode(), "text/plain"),
    ],
)
def test_allowed_files_are_known_by_their_content(name: str, content: bytes, content_type: str) -> None:
    found = examine(SimpleUploadedFile(name, content))

    assert (found.name, found.size, found.content_type) == (name, len(content), content_type)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("程序.pdf", EXE),
        ("程序.exe", EXE),
        ("程序.txt", EXE),
        ("图.pdf", PNG),
        ("网页.html", b"<html><script>alert(1)</script></html>"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        ("宏.xlsx", package("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin")),
        ("压缩.zip", package("a.txt")),
        ("压缩.docx", package("a.txt")),
        ("空.txt", b""),
        ("无后缀", b"text"),
    ],
)
def test_other_files_are_refused(name: str, content: bytes) -> None:
    with pytest.raises(GuardRefused):
        examine(SimpleUploadedFile(name, content))


@override_settings(EVIDENCE_MAX_BYTES=50)
def test_a_file_over_the_limit_is_refused() -> None:
    with pytest.raises(GuardRefused):
        examine(png())


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\li\\报告.pdf", "报告.pdf"),
        ('a"b\r\nSet-Cookie: x.png', "a bSet-Cookie x.png"),
        ("合同\u202egnp.exe.pdf", "合同gnp.exe.pdf"),
        (".png", "file.png"),
        ("长" * 300 + ".png", "长" * 116 + ".png"),
    ],
)
def test_names_are_made_safe(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_evidence_is_stored_under_a_name_of_its_own(cast: Cast, own: Appraisal) -> None:
    evidence = attach_evidence(
        acting_user=cast.employee.user, appraisal=own, indicator="lead_conversion", file=png(), at=THEN
    )

    stored = Evidence.objects.get()
    assert (stored.name, stored.size, stored.content_type) == ("CRM截图.png", len(PNG), "image/png")
    assert (stored.uploaded_by, stored.uploaded_at) == (cast.employee.user, THEN)
    assert "CRM" not in evidence.file.name
    with stored.file.open() as file:
        assert file.read() == PNG


def test_the_same_file_twice_is_one(cast: Cast, own: Appraisal) -> None:
    attach_evidence(acting_user=cast.employee.user, appraisal=own, file=png(), at=THEN)
    attach_evidence(acting_user=cast.employee.user, appraisal=own, file=png("又一次.png"), at=THEN)

    assert Evidence.objects.count() == 1


def test_only_the_employee_attaches_and_only_in_time(cast: Cast, own: Appraisal) -> None:
    for member in (cast.manager, cast.hr, cast.outsider):
        with pytest.raises(NotAllowed):
            attach_evidence(acting_user=member.user, appraisal=own, file=png(), at=THEN)
    with pytest.raises(NotInThisState):
        attach_evidence(acting_user=cast.employee.user, appraisal=own, indicator="appeal", file=png(), at=THEN)
    with pytest.raises(GuardRefused):
        attach_evidence(acting_user=cast.employee.user, appraisal=own, indicator="invented", file=png(), at=THEN)

    window = walk_to(own, Step.APPEAL_WINDOW, cast)

    with pytest.raises(NotInThisState):
        attach_evidence(acting_user=cast.employee.user, appraisal=window, file=png(), at=THEN)
    kept = attach_evidence(acting_user=cast.employee.user, appraisal=window, indicator="appeal", file=png(), at=THEN)
    assert kept.indicator == "appeal"


def test_evidence_is_removed_by_its_owner_while_the_step_is_open(cast: Cast, own: Appraisal) -> None:
    evidence = attach_evidence(acting_user=cast.employee.user, appraisal=own, file=png(), at=THEN)
    late = attach_evidence(acting_user=cast.employee.user, appraisal=own, file=png("二.png", b"2"), at=THEN)
    with pytest.raises(NotAllowed):
        remove_evidence(acting_user=cast.manager.user, evidence=evidence, at=THEN)

    remove_evidence(acting_user=cast.employee.user, evidence=evidence, at=THEN)
    walk_to(own, Step.SCORING, cast)

    with pytest.raises(NotInThisState):
        remove_evidence(acting_user=cast.employee.user, evidence=late, at=THEN)
    assert Evidence.objects.get(pk=evidence.pk).removed_at == THEN
    assert Evidence.objects.get(pk=late.pk).removed_at is None
