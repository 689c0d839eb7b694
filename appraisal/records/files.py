"""What an uploaded file really is, whatever its name says."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

import filetype
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from workflow.errors import GuardRefused

OFFICE = "application/vnd.openxmlformats-officedocument."
TYPES = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/heic": (".heic", ".heif"),
    "image/bmp": (".bmp",),
    "image/tiff": (".tif", ".tiff"),
    "application/pdf": (".pdf",),
    "application/msword": (".doc",),
    "application/vnd.ms-excel": (".xls",),
    "application/vnd.ms-powerpoint": (".ppt",),
    f"{OFFICE}wordprocessingml.document": (".docx",),
    f"{OFFICE}spreadsheetml.sheet": (".xlsx",),
    f"{OFFICE}presentationml.presentation": (".pptx",),
    "text/csv": (".csv",),
    "text/plain": (".txt",),
}
ACCEPT = ",".join(extension for extensions in TYPES.values() for extension in extensions)
# The folder of an Office package that tells what it is.
PARTS = {"word/": "wordprocessingml.document", "xl/": "spreadsheetml.sheet", "ppt/": "presentationml.presentation"}
MACROS = re.compile(r"vbaProject\.bin$", re.IGNORECASE)
# Old Office files share one container; the name tells them apart.
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
COMPOUND_TYPES = {
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
}
TEXT_TYPES = {".csv": "text/csv", ".txt": "text/plain"}
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Examined:
    name: str
    size: int
    content_type: str
    sha256: str


def examine(file: UploadedFile[Any]) -> Examined:
    """Refuses what is empty, too large, not of an allowed type, or named as something it is not."""
    size = file.size or 0
    name = safe_name(file.name or "")
    if not size:
        raise GuardRefused(_("“%(name)s” is empty.") % {"name": name})
    if size > settings.EVIDENCE_MAX_BYTES:
        raise GuardRefused(
            _("“%(name)s” is larger than %(limit)s.")
            % {"name": name, "limit": filesizeformat(settings.EVIDENCE_MAX_BYTES)}
        )
    extension = PurePosixPath(name).suffix.lower()
    content_type = content_type_of(file, extension)
    if content_type is None or extension not in TYPES[content_type]:
        raise GuardRefused(
            _("“%(name)s” is no picture, PDF, Office document or text file, or its ending does not fit its content.")
            % {"name": name},
            _("Save it as one of these and try again."),
        )
    return Examined(name, size, content_type, _sha256(file))


def content_type_of(file: UploadedFile[Any], extension: str) -> str | None:
    """The type by content, where it is one of the allowed ones."""
    file.seek(0)
    head = file.read(8192)
    file.seek(0)
    if head.startswith(COMPOUND):
        return COMPOUND_TYPES.get(extension)
    if head.startswith(b"PK\x03\x04"):
        return _office_type(file)
    found = filetype.guess(head)
    if found is not None:
        return found.mime if found.mime in TYPES else None
    return TEXT_TYPES.get(extension) if _is_text(file) else None


def _office_type(file: UploadedFile[Any]) -> str | None:
    try:
        with zipfile.ZipFile(file) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return None
    finally:
        file.seek(0)
    if "[Content_Types].xml" not in names or any(MACROS.search(name) for name in names):
        return None
    kind = next((kind for part, kind in PARTS.items() if any(name.startswith(part) for name in names)), None)
    return f"{OFFICE}{kind}" if kind else None


def _is_text(file: UploadedFile[Any]) -> bool:
    """UTF-8 or the Chinese encoding that spreadsheets write; no control characters but tabs and line ends."""
    body: bytes = file.read()
    file.seek(0)
    if re.search(rb"[\x00-\x08\x0b\x0e-\x1f]", body):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            body.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def safe_name(name: str) -> str:
    """The last part of the name without what could steer a file system, a header or a reader's eye."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C")
    stem, dot, extension = re.sub(r'[<>:"|?*\s]+', " ", clean).rstrip(" .").rpartition(".")
    stem = stem.strip(" .")
    if not dot:
        return extension.strip(" .")[:LONGEST_NAME] or "file"
    return f"{stem[: LONGEST_NAME - len(extension) - 1] or 'file'}.{extension}"


def _sha256(file: IO[bytes] | UploadedFile[Any]) -> str:
    digest = hashlib.sha256()
    while block := file.read(1 << 20):
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()
