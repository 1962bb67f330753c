"""The first start, and the web server's life: prepared, started, watched and ended."""

from __future__ import annotations

import contextlib
import errno
import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

from core.kit.errors import Refusal
from core.kit.settings import ROOT, settings

WEB_SERVER = ("-m", "streamlit", "run", "core/server.py")
WAREHOUSE_POINTER = "current.json"
HEALTHY_SECONDS = 60
ENDING_SECONDS = 10
WATCH_SECONDS = 1.0
BAR_WIDTH = 32
PR_SET_PDEATHSIG = 1


def refuse_taken_port(host: str, port: int) -> None:
    """Raises Refusal when the web server could not listen there, saying what to do."""
    family, kind, _, _, address = _resolved(host, port)
    with socket.socket(family, kind) as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno == errno.EADDRINUSE and is_policydesk(host, port):
                raise Refusal(
                    f"PolicyDesk is running already at {address_of(host, port)}.",
                    remedy="Stop it first, or choose another port and data directory: "
                    f"POLICYDESK_PORT={port + 1} POLICYDESK_DATA_DIR=... ./run",
                ) from None
            why = "is taken" if error.errno == errno.EADDRINUSE else f"can't be used ({error.strerror})"
            raise Refusal(
                f"Port {port} on {host} {why}.",
                remedy=f"Choose another: POLICYDESK_PORT={port + 1} ./run",
            ) from None


def address_of(host: str, port: int) -> str:
    """The address to type into a browser on this machine."""
    return f"http://{_reachable(host)}:{port}"


def prepare() -> None:
    """Do what the first start has left to do: schema, demo data, analytic copy."""
    migrate()
    if settings().is_demo:
        from core import demo

        if not demo.is_filled():
            fill_demo(customers=settings().demo_customers, seed=None)
    if not _is_published():
        refresh()


def migrate() -> None:
    """Bring the schema up to date; asking costs two statements when it is."""
    from core.db import migrate as migrations

    if migrations.current() != migrations.newest():
        print("Preparing the database ...", flush=True)
        migrations.upgrade()


def fill_demo(*, customers: int, seed: int | None) -> None:
    """Fill demo data under a progress bar."""
    from core import demo

    print(f"Filling demo data ({customers:,} customers, once) ...", flush=True)
    with _progress_bar() as bar:
        if seed is None:
            demo.fill(customers=customers, progress=bar)
        else:
            demo.fill(customers=customers, seed=seed, progress=bar)


def refresh(words: Sequence[str] = ()) -> int:
    """Refresh the analytic copy in a process of its own; its exit code."""
    print("Refreshing the analytic copy ...", flush=True)
    code = subprocess.call([sys.executable, "-m", "etl", *words], cwd=ROOT)
    if code != 0:
        print(
            "The analytic copy was not refreshed; pages keep showing the last one, if there is one.",
            file=sys.stderr,
        )
    return code


def serve() -> int:
    """Start the web server, say where it is, and stay until it or this process is ended."""
    server = _start_server()
    try:
        _await_health(server)
        _announce()
        watch = DatabaseWatch()
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(timeout=WATCH_SECONDS)
                return _report_end(server.returncode)
            watch.look()
    finally:
        _end(server)


def _start_server() -> subprocess.Popen[bytes]:
    chosen = settings()
    options = {
        "server.address": chosen.host,
        "server.port": chosen.port,
        "server.maxUploadSize": chosen.upload_max_mb,
        "server.headless": "true",
        "logger.hideWelcomeMessage": "true",  # the address is announced here, once it answers
    }
    return subprocess.Popen(
        [sys.executable, *WEB_SERVER, *(f"--{name}={value}" for name, value in options.items())],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        # The terminal's Ctrl-C comes here alone, so that the server is ended before the database.
        start_new_session=True,
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - one thread
    )


def _end_with_parent() -> None:
    """Have the system end the server when this process is killed and can't do so itself."""
    import ctypes

    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _await_health(server: subprocess.Popen[bytes]) -> None:
    give_up_at = time.monotonic() + HEALTHY_SECONDS
    while not is_policydesk(settings().host, settings().port):
        if server.poll() is not None:
            raise Refusal("The web server ended while starting; it says above why.")
        if time.monotonic() > give_up_at:
            raise Refusal(f"The web server did not answer within {HEALTHY_SECONDS} seconds.")
        time.sleep(0.05)


def _announce() -> None:
    print(f"\nPolicyDesk is at {address_of(settings().host, settings().port)}   (Ctrl-C ends it)\n")
    if settings().is_demo:
        from core import demo

        print("Demo sign-ins (invented people; they exist in demo mode only):")
        for sign_in in demo.sign_ins():
            print(f"  {sign_in.role:<15} {sign_in.username:<20} {sign_in.password}")
    else:
        print("Sign-ins are made by: ./run user create")
    print()
    sys.stdout.flush()


class DatabaseWatch:
    """Starts our own database again when it was killed under the running server."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def look(self) -> None:
        """Start it when it is down. What stands in the way is told once, and tried again next time."""
        from core.db import embedded

        chosen = settings()
        try:
            if embedded.is_down(chosen.data_dir, chosen.require_database_url()):
                self._tell("The database has stopped; it is started again.")
                embedded.start(chosen.data_dir, keep=False)
                self._told.clear()
        except Refusal as refusal:
            self._tell(str(refusal))

    def _tell(self, line: str) -> None:
        if line not in self._told:
            print(line, file=sys.stderr, flush=True)
        self._told.add(line)


def _report_end(code: int) -> int:
    if code < 0:
        name = signal.Signals(-code).name
        print(f"The web server was ended from outside ({name}).", file=sys.stderr)
    else:
        print(f"The web server ended by itself (exit code {code}).", file=sys.stderr)
    return 1


def _end(server: subprocess.Popen[bytes]) -> None:
    """End the server politely, then for certain; a second Ctrl-C hurries it."""
    if server.poll() is None:
        server.terminate()
        try:
            server.wait(timeout=ENDING_SECONDS)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            server.kill()
            server.wait()


def is_policydesk(host: str, port: int) -> bool:
    """Whether PolicyDesk answers there."""
    connection = http.client.HTTPConnection(_reachable(host).strip("[]"), port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        return answer.status == http.HTTPStatus.OK and b"policydesk" in answer.read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _reachable(host: str) -> str:
    if host in {"0.0.0.0", ""}:  # noqa: S104 - compared, not listened on
        return "127.0.0.1"
    if host == "::":
        return "[::1]"
    return f"[{host}]" if ":" in host else host


def _resolved(host: str, port: int) -> tuple[int, int, int, str, tuple[object, ...]]:
    try:
        return socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise Refusal(f"{host} is no address of this machine.", remedy="Correct POLICYDESK_HOST.") from None


def _is_published() -> bool:
    """Whether there is an analytic copy to read (queries/warehouse.py reads its pointer)."""
    return (settings().warehouse_dir / WAREHOUSE_POINTER).exists()


@contextlib.contextmanager
def _progress_bar() -> Iterator[ProgressBar]:
    bar = ProgressBar(is_live=sys.stderr.isatty())
    yield bar
    bar.end()


class ProgressBar:
    """A bar on a terminal; elsewhere a line every tenth, so that logs stay short."""

    def __init__(self, *, is_live: bool) -> None:
        self._is_live = is_live
        self._tenth = -1

    def __call__(self, done: float, total: float, what: str = "") -> None:
        """Show that `done` of `total` is done, and what is being worked on."""
        share = min(done / total, 1.0) if total else 1.0
        if self._is_live:
            filled = round(share * BAR_WIDTH)
            bar = "█" * filled + "░" * (BAR_WIDTH - filled)
            print(f"\r  {bar} {share:4.0%}  {what[:40]:<40}", end="", file=sys.stderr, flush=True)
        elif int(share * 10) > self._tenth:
            self._tenth = int(share * 10)
            print(f"  {share:4.0%}  {what}", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the line."""
        if self._is_live:
            print(file=sys.stderr, flush=True)
