"""Files: what is taken, under which names it is kept, and that it is kept whole (quality.md S, R10)."""

from __future__ import annotations

import errno
import io
import os
import zipfile

import pytest
from sqlalchemy import text

from core import documents
from core.db import unit_of_work
from core.demo.documents import pdf
from core.documents import FileMissing, FileRefused, LocalStorage
from core.documents.storage import StorageFull

PDF = pdf("Driving licence")
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\0" * 30 + b"\0\0\0\0IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 30 + b"\xff\xd9"


def docx(*extra: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for name in ("[Content_Types].xml", "word/document.xml", *extra):
            package.writestr(name, "x")
    return packed.getvalue()


@pytest.fixture
def storage(tmp_path):
    return LocalStorage(tmp_path)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", PDF), ("b.PNG", PNG), ("c.jpg", JPEG), ("d.jpeg", JPEG), ("e.docx", docx())],
)
def test_a_file_that_is_what_its_name_says_is_kept(storage, name, content):
    kept = documents.store(content, name, storage=storage)
    assert documents.fetch(kept.path, storage=storage) == content
    assert kept.size_bytes == len(content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PNG),
        ("a.png", PDF),
        ("a.pdf", b"<html><script>alert(1)</script></html>"),
        ("a.pdf", b"MZ\x90\0program"),
        ("a.html", b"<html></html>"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("a.exe", b"MZ"),
        ("a.pdf.exe", PDF),
        ("noending", PDF),
        ("a.pdf", b""),
        ("a.pdf", PDF[:-20]),
        ("a.docx", b"PK\x03\x04 broken"),
        ("a.docx", docx("word/vbaProject.bin")),
    ],
)
def test_anything_else_is_refused_with_what_can_be_uploaded(storage, tmp_path, name, content):
    with pytest.raises(FileRefused, match="PDF, PNG, JPEG or Word"):
        documents.store(content, name, storage=storage)
    assert list(tmp_path.rglob("*.*")) == []


def test_a_file_above_the_limit_is_refused(storage):
    with pytest.raises(FileRefused, match=r"The file has 20\.0 MB"):
        documents.store(PDF + b" " * documents.MOST_BYTES, "big.pdf", storage=storage)


def test_the_name_on_disk_is_generated_and_the_shown_one_has_no_folders(storage):
    kept = documents.store(PDF, "..\\..\\etc/passwd\x00 of Carla.pdf", storage=storage)
    assert kept.name == "passwd of Carla.pdf"
    assert "passwd" not in kept.path
    assert documents.store(PDF, "x.pdf", storage=storage).path != kept.path
    assert len(documents.store(PDF, "ü" * 300 + ".pdf", storage=storage).name) == 100


@pytest.mark.parametrize("key", ["../secret", "/etc/passwd", "a/../../b", "", "a//b", "a\\b"])
def test_no_key_leads_out_of_the_folder(storage, key):
    with pytest.raises(FileMissing):
        documents.fetch(key, storage=storage)


def test_a_full_disk_leaves_nothing_behind(storage, tmp_path, monkeypatch):
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull):
        documents.store(PDF, "a.pdf", storage=storage)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_goes_when_its_transaction_is_undone(database, storage, tmp_path):
    with pytest.raises(ZeroDivisionError), unit_of_work() as session:
        session.execute(text("select 1"))
        for _ in range(2):
            documents.keep(session, PDF, "a.pdf", storage=storage)
        raise ZeroDivisionError
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_stays_when_its_transaction_is_committed(database, storage):
    with unit_of_work() as session:
        session.execute(text("select 1"))
        kept = documents.keep(session, PDF, "a.pdf", storage=storage)
    assert documents.fetch(kept.path, storage=storage) == PDF
