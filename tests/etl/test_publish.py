"""Readers see a whole version or the one before: under load, after kill -9, and on a full disk."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import duckdb
import psycopg
import pytest
from sqlalchemy import Engine

from core.kit.settings import ROOT
from etl import publish
from etl.failures import DiskFull
from etl.publish import Version
from tests import factories as make
from tests.etl.conftest import Published
from tests.etl.deals import one_of_each

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
KILLS = 20


class Reader(threading.Thread):
    """Reads the newest version over and over, as pages do, and keeps what it saw."""

    def __init__(self, directory: Path) -> None:
        super().__init__(daemon=True)
        self.directory = directory
        self.seen: set[str] = set()
        self.reads = 0
        self.errors: list[Exception] = []
        self._ended = threading.Event()

    def run(self) -> None:
        published = Published(self.directory)
        try:
            while not self._ended.is_set():
                pointer = published.pointer
                path = self.directory / pointer["file"]
                with closing(duckdb.connect(path, read_only=True)) as connection:
                    [(version,)] = connection.execute("select version from etl_meta").fetchall()
                    [(deals,)] = connection.execute("select count(*) from fct_deal").fetchall()
                assert version == pointer["version"]
                assert deals == pointer["counts"]["fct_deal"]
                self.seen.add(version)
                self.reads += 1
                self._ended.wait(0.01)  # the one who publishes needs the processor too
        except (AssertionError, OSError, ValueError, duckdb.Error) as error:
            self.errors.append(error)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self.join()


def test_readers_meet_no_error_and_no_half_file_while_versions_are_published(run_etl, published):
    make.lead()
    run_etl()
    with Reader(published.directory) as reader:
        for _ in range(4):
            make.lead()
            run_etl()
            before = reader.reads
            while reader.reads == before and not reader.errors:
                time.sleep(0.01)
    assert reader.errors == []
    assert len(reader.seen) >= 4


def test_the_last_two_versions_are_kept(run_etl, published):
    versions = [run_etl() for _ in range(3)]
    assert published.files == sorted([*(v.file for v in versions[1:]), "current.json", "refresh.lock"])


def test_orphans_of_killed_runs_are_swept_away(run_etl, published):
    version = run_etl()
    (published.directory / "policydesk-20200101T000000Z-1.duckdb").write_bytes(b"half")
    (published.directory / "policydesk-20200101T000000Z-1.duckdb.wal").write_bytes(b"half")
    (published.directory / "building").mkdir()
    (published.directory / "building" / "marts.duckdb").write_bytes(b"half")
    (published.directory / "next.json").write_text("{")
    publish.sweep(published.directory)
    assert published.files == sorted([version.file, "current.json", "refresh.lock"])


@pytest.mark.parametrize(("flushed", "left"), [(0, "1"), (1, "1"), (2, "1"), (3, "2")])
def test_a_crash_leaves_the_last_version_until_the_new_one_is_pointed_to(
    tmp_path, monkeypatch, flushed, left
):
    """The file, its directory, the next pointer and the pointer's place are flushed in turn."""

    def version(name: str) -> Version:
        (tmp_path / "built").write_bytes(b"x")
        return Version(name, NOW, {})

    publish.publish(tmp_path / "built", version("1"), warehouse=tmp_path, now=NOW)
    done = []

    def crash(_descriptor):
        if len(done) == flushed:
            raise OSError(errno.ENOSPC, "No space left on device")
        done.append(None)

    monkeypatch.setattr(os, "fsync", crash)
    with pytest.raises(OSError, match="No space"):
        publish.publish(tmp_path / "built", version("2"), warehouse=tmp_path, now=NOW)
    assert publish.pointed_at(tmp_path)["version"] == left


def test_any_number_of_refreshes_gives_the_same_tables(run_etl, published):
    one_of_each()
    run_etl()
    first = published.hashes()
    for _ in range(3):
        run_etl()
    assert published.hashes() == first
    assert len(first) == 18


def test_killed_at_any_moment_the_old_version_stays_and_a_rerun_is_exact(run_etl, published, database):
    one_of_each()
    run_etl()
    chance = random.Random(20)
    killed = 0
    with (
        Workers(database, published) as workers,
        psycopg.connect(url(database), autocommit=True) as writer,
        Reader(published.directory) as reader,
    ):
        took = min(workers.timed() for _ in range(2))  # the first pays for the imports
        for _ in range(KILLS):
            writer.execute("update leads set expected_premium = expected_premium + 1")
            pointer, hashes = published.pointer, published.hashes()
            child, moment = workers.start(), chance.uniform(0, took)
            time.sleep(moment)
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            if workers.end()[0] == -signal.SIGKILL:
                killed += 1
            else:
                took = moment  # it was over by then
            if published.pointer == pointer:
                assert published.hashes() == hashes
            else:
                assert published.one("select version from etl_meta") == published.pointer["version"]
    assert reader.errors == []
    assert killed > KILLS // 2
    run_etl()
    rerun = published.hashes()
    for path in published.directory.iterdir():
        path.unlink()
    run_etl()
    assert rerun == published.hashes()
    assert len(published.files) == 3


@pytest.mark.parametrize("room", [100_000, 1_000_000])
def test_a_full_disk_is_told_plainly_and_leaves_no_file(run_etl, published, database, room):
    one_of_each()
    run_etl()
    before = (published.files, published.hashes())
    with Workers(database, published) as workers:
        workers.start(limit=room)
        assert workers.end() == (1, [str(DiskFull())])
    assert (published.files, published.hashes()) == before


class Workers:
    """Starts refreshes in processes of their own, one at a time (tests/etl/worker.py)."""

    def __init__(self, database: Engine, published: Published) -> None:
        self._server = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("worker.py"))],
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": url(database),
                "POLICYDESK_WAREHOUSE_DIR": str(published.directory),
                "PYTHONPATH": str(ROOT),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, *, limit: int | None = None) -> int:
        """Start a refresh; its process id."""
        self._server.stdin.write(f"{limit or ''}\n")
        self._server.stdin.flush()
        return int(self._server.stdout.readline())

    def timed(self) -> float:
        """The seconds that a refresh takes when it is left alone."""
        began = time.monotonic()
        self.start()
        assert self.end() == (0, [])
        return time.monotonic() - began

    def end(self) -> tuple[int, list[str]]:
        """Wait for the refresh; its exit code and what it said."""
        said = []
        while not (line := self._server.stdout.readline()).startswith("ended"):
            assert line, "the server of workers has died"
            said.append(line.strip())
        return int(line.split()[1]), said

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.communicate()


def url(database) -> str:
    return database.url.set(drivername="postgresql").render_as_string(hide_password=False)
