import json
import os
import signal
import socket
import subprocess
import sys

import psycopg
import pytest

from core.db import embedded, reach
from core.db.embedded import DatabaseUnavailable
from core.kit.errors import Refusal


def answer(url, statement="select 1"):
    with psycopg.connect(url, connect_timeout=5) as connection:
        return connection.execute(statement).fetchone()[0]


def port_of(url):
    return int(psycopg.conninfo.conninfo_to_dict(url)["port"])


def server_pid(data_dir):
    return int((data_dir / "postgres/data/postmaster.pid").read_text().splitlines()[0])


def test_a_start_gives_a_database_whose_owner_is_no_superuser(data_dir):
    url = embedded.start(data_dir)
    assert answer(url, "select current_setting('is_superuser')") == "off"
    assert answer(url, "select current_setting('server_encoding')") == "UTF8"
    assert embedded.running_url(data_dir) == url


def test_a_second_start_uses_the_running_server(data_dir):
    first = embedded.start(data_dir)
    pid = server_pid(data_dir)
    assert embedded.start(data_dir) == first
    assert server_pid(data_dir) == pid


def test_two_starts_at_the_same_moment_share_one_server(data_dir):
    program = (
        "import sys, pathlib; from core.db import embedded;print(embedded.start(pathlib.Path(sys.argv[1])))"
    )
    starts = [
        subprocess.Popen([sys.executable, "-c", program, str(data_dir)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    first, second = (start.communicate(timeout=60)[0].strip() for start in starts)
    assert first == second
    assert answer(first) == 1


def test_a_killed_server_starts_again_with_all_that_was_committed(data_dir):
    url = embedded.start(data_dir)
    with psycopg.connect(url) as connection:
        connection.execute("create table kept as select 7 as value")
    os.kill(server_pid(data_dir), signal.SIGKILL)
    assert answer(embedded.start(data_dir), "select value from kept") == 7


def test_a_start_waits_for_a_server_that_is_still_starting(data_dir, monkeypatch):
    embedded.start(data_dir)
    pid_file = data_dir / "postgres/data/postmaster.pid"
    ready = pid_file.read_text()
    pid_file.write_text(ready.replace("ready", "starting"))
    waited = []

    def sleep(seconds):
        waited.append(seconds)
        pid_file.write_text(ready)

    monkeypatch.setattr("core.db.postmaster.time.sleep", sleep)
    assert answer(embedded.start(data_dir)) == 1
    assert len(waited) == 1


def test_a_pid_file_whose_id_is_another_process_by_now_is_stale(data_dir):
    embedded.start(data_dir)
    pid_file = data_dir / "postgres/data/postmaster.pid"
    lines = pid_file.read_text().splitlines()
    embedded.stop(data_dir)
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        pid_file.write_text("\n".join([str(other.pid), *lines[1:]]) + "\n")
        assert embedded.running_url(data_dir) is None
        assert answer(embedded.start(data_dir)) == 1
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_taken_port_is_left_to_its_owner(data_dir):
    url = embedded.start(data_dir)
    embedded.stop(data_dir)
    with socket.create_server(("127.0.0.1", port_of(url))):
        other = embedded.start(data_dir)
    assert other != url
    assert answer(other) == 1


def test_a_start_that_was_killed_half_way_is_completed(data_dir):
    half_made = data_dir / "postgres" / "data.unfinished"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    assert answer(embedded.start(data_dir)) == 1


def test_a_data_directory_of_another_version_is_refused_by_name(data_dir):
    embedded.start(data_dir)
    embedded.stop(data_dir)
    (data_dir / "postgres/data/PG_VERSION").write_text("15\n")
    with pytest.raises(DatabaseUnavailable, match=r"made by PostgreSQL 15, .* brings PostgreSQL 18"):
        embedded.start(data_dir)


def test_a_data_directory_that_cannot_be_made_is_refused_by_name(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseUnavailable, match="file"):
        embedded.start(tmp_path / "file" / "data")


def test_a_damaged_memory_of_the_password_is_refused_by_name(data_dir):
    (data_dir / "postgres.json").write_text("{")
    with pytest.raises(DatabaseUnavailable, match=r"postgres\.json is damaged"):
        embedded.start(data_dir)
    (data_dir / "postgres.json").unlink()


def test_a_lost_memory_of_the_password_is_refused_by_name(data_dir):
    embedded.start(data_dir)
    embedded.stop(data_dir)
    (data_dir / "postgres.json").unlink()
    with pytest.raises(DatabaseUnavailable, match=r"postgres\.json is missing"):
        embedded.start(data_dir)


def test_passwords_are_readable_by_their_owner_alone(data_dir):
    embedded.start(data_dir)
    assert (data_dir / "postgres.json").stat().st_mode & 0o777 == 0o600
    assert list((data_dir / "postgres").glob("*.password")) == []


def test_a_wrong_password_does_not_open_the_database(data_dir):
    url = embedded.start(data_dir)
    password = json.loads((data_dir / "postgres.json").read_text())["password"]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        answer(url.replace(password, "guess"))


def test_the_last_session_to_end_stops_the_server(data_dir):
    with embedded.session(data_dir) as url:
        with embedded.session(data_dir) as same:
            assert same == url
        assert answer(url) == 1
    assert embedded.running_url(data_dir) is None


def test_a_session_leaves_a_server_that_was_there_to_stay(data_dir):
    url = embedded.start(data_dir)
    with embedded.session(data_dir):
        pass
    assert embedded.running_url(data_dir) == url


def test_a_killed_session_does_not_keep_the_server_up(data_dir):
    program = (
        "import sys, pathlib, time; from core.db import embedded\n"
        "with embedded.session(pathlib.Path(sys.argv[1])): print('up', flush=True); time.sleep(60)"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, str(data_dir)], stdout=subprocess.PIPE, text=True
    )
    with other, embedded.session(data_dir):
        assert other.stdout.readline() == "up\n"
        other.kill()
        other.wait()
    assert embedded.running_url(data_dir) is None


def test_stopping_what_does_not_run_does_nothing(data_dir):
    embedded.stop(data_dir)
    assert embedded.running_url(data_dir) is None


@pytest.mark.parametrize(
    ("told", "major"),
    [
        ("postgres (PostgreSQL) 18.6", 18),
        ("postgres (PostgreSQL) 17beta1", 17),
        ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", 15),
    ],
)
def test_the_major_version_is_read_from_what_the_program_says(told, major):
    assert embedded.major_version(told) == major


@pytest.mark.parametrize(("number", "told"), [(130014, "13"), (90624, "9.6")])
def test_a_server_older_than_14_is_refused_by_its_version(number, told):
    with pytest.raises(Refusal, match=f"PostgreSQL {told}, and PolicyDesk needs 14 or later"):
        reach.refuse_old(number)


def test_a_server_of_version_14_is_used():
    reach.refuse_old(140000)


def test_a_server_that_does_not_answer_is_named_without_its_password():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Refusal) as refused:
        reach.require_usable(f"postgresql://app:geheim@127.0.0.1:{port}/crm")
    assert f"127.0.0.1:{port}/crm could not be opened" in str(refused.value)
    assert "refused" in str(refused.value)
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize("port", ["99999", "many", "0"])
def test_a_bad_port_is_told_as_such(port):
    with pytest.raises(Refusal, match="its port is no number from 1 to 65535") as refused:
        reach.require_usable(f"postgresql://app:o@127.0.0.1:{port}/crm")
    assert "***" not in str(refused.value)


@pytest.mark.parametrize("password", ["ge@heim", "ge/heim", "1/geheim", "ge?heim@"])
def test_no_part_of_a_password_is_told_whatever_signs_it_holds(password):
    with pytest.raises(Refusal, match="its password holds a sign that addresses write in") as refused:
        reach.require_usable(f"postgresql://app:{password}@127.0.0.1:9/crm")
    assert "heim" not in str(refused.value)


def test_a_short_password_leaves_the_sentence_readable():
    with pytest.raises(Refusal, match="could not be opened: Connection refused"):
        reach.require_usable("postgresql://app:o@127.0.0.1:9/crm")


def test_what_is_no_address_is_refused_without_repeating_it():
    with pytest.raises(Refusal, match="DATABASE_URL could not be opened: it is no address") as refused:
        reach.require_usable("geheim@db")
    assert "geheim" not in str(refused.value)


def test_a_database_that_cannot_hold_every_name_is_refused_by_its_encoding(data_dir):
    url = embedded.start(data_dir)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create database ascii encoding 'SQL_ASCII' locale 'C' template template0")
    with pytest.raises(Refusal, match=r"/ascii is encoded in SQL_ASCII, not in UTF8"):
        reach.require_usable(url.replace("/policydesk?", "/ascii?"))
