"""What an uploaded file may be: its size, and content that is what its name says (ASVS 5.0, 5.2)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from types import MappingProxyType

from core.kit.errors import Refusal
from core.kit.fields import plain_text

MOST_BYTES = 20 * 1024 * 1024
# What a Word document may unpack to, and into how many parts.
MOST_UNPACKED = 200 * 1024 * 1024
MOST_PARTS = 2_000
LONGEST_NAME = 100

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SUFFIXES: Mapping[str, str] = MappingProxyType(
    {".pdf": PDF, ".png": PNG, ".jpg": JPEG, ".jpeg": JPEG, ".docx": DOCX}
)
# What a browser can show by itself without running anything.
SHOWN = frozenset({PDF, PNG, JPEG})


class FileRefused(Refusal):
    """The file can't be taken; the message says why."""

    code = "file_refused"

    def __init__(self, message: str) -> None:
        super().__init__(
            message,
            remedy=f"Upload a PDF, PNG, JPEG or Word file of at most {MOST_BYTES // 1024**2} MB.",
            field="file",
        )


def content_type(name: str, content: bytes) -> str:
    """The type that both the name and the content say. Raises FileRefused when they differ."""
    if not content:
        raise FileRefused("The file is empty.")
    if len(content) > MOST_BYTES:
        raise FileRefused(f"The file has {len(content) / 1024**2:.1f} MB.")
    suffix = suffix_of(name)
    if suffix not in SUFFIXES:
        raise FileRefused(f"Files of the kind “{suffix or 'without an ending'}” are not taken.")
    wanted = SUFFIXES[suffix]
    if not _IS[wanted](content):
        raise FileRefused(f"The content is not that of a {suffix} file.")
    return wanted


def suffix_of(name: str) -> str:
    """The last ending of a file name, in lower case, with its dot; "" for none."""
    _, dot, ending = name.rpartition(".")
    return f".{ending.lower()}" if dot else ""


def shown_name(name: str) -> str:
    """The name as people see it: one line, without folders, at most 100 characters."""
    last = plain_text(name.replace("\\", "/").rpartition("/")[2]) or "document"
    if len(last) <= LONGEST_NAME:
        return last
    suffix = suffix_of(last)[:10]
    return last[: LONGEST_NAME - len(suffix)] + suffix


def _is_pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]


def _is_png(content: bytes) -> bool:
    return content.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR") and b"IEND" in content[-64:]


def _is_jpeg(content: bytes) -> bool:
    return content.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in content[-64:]


def _is_docx(content: bytes) -> bool:
    """A package with a Word document in it, without macros, that does not unpack to a bomb."""
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise FileRefused("The file unpacks to too much.")
    if any(name.lower().endswith(("vbaproject.bin", ".exe", ".dll")) for name in names):
        raise FileRefused("Documents with macros or programs in them are not taken.")
    return {"[Content_Types].xml", "word/document.xml"} <= names


_IS: Mapping[str, Callable[[bytes], bool]] = MappingProxyType(
    {PDF: _is_pdf, PNG: _is_png, JPEG: _is_jpeg, DOCX: _is_docx}
)
