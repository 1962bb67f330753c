"""Files that people send for import: kept whole or not at all, under names of our own."""

from __future__ import annotations

import errno
import io
import os

import pytest

from core.imports import uploads
from core.imports.errors import Unreadable
from core.kit.settings import settings


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where the files of this test are kept."""
    monkeypatch.setenv("POLICYDESK_STORAGE_DIR", str(tmp_path))
    settings.cache_clear()
    yield tmp_path / "imports"
    monkeypatch.undo()
    settings.cache_clear()


def names(folder):
    return [path.name for path in folder.iterdir()]


def test_a_file_is_kept_under_a_name_of_our_own(folder):
    kept = uploads.take_in(io.BytesIO(b"a,b\n1,2\n"), "../../etc/passwd.csv")
    assert kept.read_bytes() == b"a,b\n1,2\n"
    assert names(folder) == [kept.name]
    assert "passwd" not in kept.name


def test_a_full_disk_is_told_plainly_and_leaves_no_file(folder, monkeypatch):
    def full(_file):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unreadable, match="could not be stored: No space left on device"):
        uploads.take_in(io.BytesIO(b"a,b\n1,2\n"), "deals.csv")
    assert names(folder) == []


def test_a_file_that_is_too_large_leaves_nothing(folder, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_BYTES", 4)
    with pytest.raises(Unreadable, match="too large"):
        uploads.take_in(io.BytesIO(b"a,b\n1,2\n"), "deals.csv")
    assert names(folder) == []


def test_files_that_nobody_came_back_for_are_removed_after_a_day(folder):
    old = uploads.take_in(io.BytesIO(b"a\n1\n"), "old.csv")
    os.utime(old, (0, 0))
    new = uploads.take_in(io.BytesIO(b"a\n1\n"), "new.csv")
    assert names(folder) == [new.name]
