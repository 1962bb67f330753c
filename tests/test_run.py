import importlib.util
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest

from core.db import embedded

ROOT = Path(__file__).resolve().parents[1]

# Stands in for the web server and for the first start's work, so that only the life of the processes
# is tested here; the real ones are started by the journeys in tests/browser.
STAND_IN = textwrap.dedent("""
    import sys
    from core import cli, launch
    launch.WEB_SERVER = ("-c", '''
    import http.server, sys
    port = next(int(word.split("=")[1]) for word in sys.argv if word.startswith("--server.port="))
    class Health(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"policydesk")
        def log_message(self, *words):
            pass
    http.server.HTTPServer(("127.0.0.1", port), Health).serve_forever()
    ''')
    launch.prepare = lambda: None
    sys.exit(cli.main(["serve"]))
""")


@pytest.fixture
def run():
    """The ./run script as a module."""
    loader = SourceFileLoader("run_script", str(ROOT / "run"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("run_script", loader))
    loader.exec_module(module)
    return module


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def cli(*words, **settings):
    """Run a command to its end with these settings."""
    return subprocess.run(
        [sys.executable, "-m", "core.cli", *words],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def serving(data_dir, port):
    """A running `serve` with a stand-in for the web server."""
    process = subprocess.Popen(
        [sys.executable, "-c", STAND_IN],
        cwd=ROOT,
        env={
            **os.environ,
            "POLICYDESK_DATA_DIR": str(data_dir),
            "POLICYDESK_PORT": str(port),
            "POLICYDESK_DEMO": "false",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for line in process.stdout:
        if "PolicyDesk is at" in line:
            break
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def web_server_of(process):
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return int(children[0])


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(condition):
    give_up_at = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < give_up_at
        time.sleep(0.05)


def test_help_needs_nothing_installed():
    told = subprocess.run(
        [sys.executable, "-I", "-S", ROOT / "run", "--help"], capture_output=True, text=True, check=True
    )
    for command in (
        "serve",
        "migrate",
        "demo",
        "etl",
        "import",
        "user",
        "psql",
        "test",
        "bench",
        "screenshots",
    ):
        assert f"\n  {command} " in told.stdout


def test_a_python_that_is_too_old_is_told_so(run, monkeypatch):
    monkeypatch.setattr(run, "OLDEST", (99, 0))
    monkeypatch.setattr(run, "NEWER_PYTHONS", ())
    with pytest.raises(run.Stop, match=r"needs Python 3\.11 or later; this is Python 3"):
        run.main([])


def test_a_missing_ensurepip_is_answered_by_the_line_that_brings_it(run, monkeypatch, tmp_path):
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(run, "PYTHON", tmp_path / ".venv/bin/python")
    monkeypatch.setattr(run.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(run.Stop, match=r"apt-get install -y python3\.\d+-venv"):
        run.install("requirements.txt")
    assert not (tmp_path / ".venv").exists()


def test_nothing_is_installed_while_the_requirements_are_the_same(run, monkeypatch, tmp_path):
    monkeypatch.setattr(run, "VENV", tmp_path)
    monkeypatch.setattr(run, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(run.subprocess, "run", pytest.fail)
    (tmp_path / ".installed").write_text(run.fingerprint("requirements.txt"))
    run.install("requirements.txt")


def test_other_requirements_are_installed_anew(run, monkeypatch, tmp_path):
    before = run.fingerprint("requirements.txt")
    monkeypatch.setattr(run, "ROOT", tmp_path)
    (tmp_path / "requirements.txt").write_text("other")
    assert run.fingerprint("requirements.txt") != before


def test_an_unknown_command_is_refused():
    done = cli("sevre")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "There is no command sevre. ./run --help lists them.\n"


def test_a_taken_port_is_refused_in_one_sentence_before_anything_is_started(data_dir):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        done = cli("serve", POLICYDESK_PORT=str(port), POLICYDESK_DATA_DIR=str(data_dir))
    assert done.returncode == 2
    assert done.stderr == (
        f"Port {port} on 127.0.0.1 is taken. Choose another: POLICYDESK_PORT={port + 1} ./run\n"
    )
    assert list(data_dir.iterdir()) == []


def test_an_unreachable_database_is_refused_without_its_password(port):
    done = cli("migrate", DATABASE_URL=f"postgresql://app:geheim@127.0.0.1:{port}/crm")
    assert done.returncode == 2
    assert done.stderr.startswith(f"The database at 127.0.0.1:{port}/crm could not be opened: ")
    assert done.stderr.count("\n") == 1
    assert "geheim" not in done.stderr


def test_demo_data_is_refused_before_a_database_of_ones_own_is_touched(port):
    done = cli("demo", DATABASE_URL=f"postgresql://app@127.0.0.1:{port}/crm")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "Demo mode is off, and demo data brings sign-ins that everybody knows."
        " For a database of its own turn it on: POLICYDESK_DEMO=true ./run demo\n"
    )


@pytest.mark.parametrize("customers", [0, -4, 99, 5_000_001])
def test_a_demo_company_has_as_many_customers_as_the_setting_allows(data_dir, customers):
    done = cli("demo", "--customers", str(customers), POLICYDESK_DATA_DIR=str(data_dir))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"A demo company has 100 to 5,000,000 customers, not {customers:,}.\n"
    assert list(data_dir.iterdir()) == []


@pytest.mark.parametrize("command", ["demo", "etl", "import", "user", "bench", "screenshots"])
def test_help_starts_no_database(data_dir, command):
    done = cli(command, "--help", POLICYDESK_DATA_DIR=str(data_dir))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"usage: ./run {command} ")
    assert list(data_dir.iterdir()) == []


def test_screenshots_without_a_server_are_refused_in_one_sentence(data_dir, port):
    done = cli("screenshots", POLICYDESK_PORT=str(port), POLICYDESK_DATA_DIR=str(data_dir))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"PolicyDesk does not answer at http://127.0.0.1:{port}. Start it with ./run first.\n"
    )


def test_a_wrong_setting_is_refused_by_its_name():
    done = cli("serve", POLICYDESK_PORT="many")
    assert done.returncode == 2
    assert "POLICYDESK_PORT" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_ending_it_ends_all_that_it_started(serving, data_dir, port, sent, code):
    assert embedded.running_url(data_dir)
    serving.send_signal(sent)
    assert serving.wait(timeout=30) == code
    assert not answers(port)
    assert embedded.running_url(data_dir) is None


@pytest.mark.skipif(sys.platform != "linux", reason="children are found in /proc")
def test_a_web_server_that_is_killed_ends_the_rest_and_is_reported(serving, data_dir):
    os.kill(web_server_of(serving), signal.SIGKILL)
    _, told = serving.communicate(timeout=30)
    assert serving.returncode == 1
    assert told == "The web server was ended from outside (SIGKILL).\n"
    assert embedded.running_url(data_dir) is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's end")
def test_a_killed_start_leaves_no_web_server_in_the_way_of_the_next(serving, port):
    serving.kill()
    serving.wait()
    wait_until(lambda: not answers(port))


def test_a_database_killed_under_the_server_is_started_again(serving, data_dir):
    pid_file = data_dir / "postgres/data/postmaster.pid"
    killed = int(pid_file.read_text().splitlines()[0])
    os.kill(killed, signal.SIGKILL)
    wait_until(
        lambda: embedded.running_url(data_dir) and not pid_file.read_text().startswith(f"{killed}\n")
    )
    serving.send_signal(signal.SIGTERM)
    _, told = serving.communicate(timeout=30)
    assert told == "The database has stopped; it is started again.\n"
