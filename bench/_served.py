"""A served Streamlit app, asked by a plain client and looked at in a browser."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from core.kit.settings import ROOT

START_SECONDS = 60
QUIET_MS = 600
ZONE = "America/New_York"


@contextmanager
def served(script: Path, environment: Mapping[str, str], log: Path) -> Iterator[str]:
    """Serve an app as `./run` does, on a free port, under the same configuration; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    options = [f"--server.port={port}", "--server.address=127.0.0.1"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, *options],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=output,
            stderr=output,
        )
    try:
        _await(f"http://127.0.0.1:{port}", process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):  # noqa: S310 - our own
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{url} did not start:\n{log.read_text()}")


@dataclass(frozen=True)
class Place:
    """A page of an app: its address ("" is home), and what stands behind the question mark."""

    slug: str
    query: Mapping[str, str]

    def address(self, url: str) -> str:
        """Where a browser finds it."""
        tail = f"?{urlencode(self.query)}" if self.query else ""
        return f"{url}/{self.slug}{tail}"


class Client:
    """One session without a browser: asks for reruns, and takes what comes until the script ends."""

    def __init__(self, url: str, cookie: str) -> None:
        self._socket: ClientConnection = connect(
            url.replace("http", "ws", 1) + "/_stcore/stream",
            origin=url,  # type: ignore[arg-type]
            additional_headers={"Cookie": cookie},
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
        )
        self._hashes: dict[str, str] = {}
        self.rerun(Place("", {}))

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def rerun(self, place: Place) -> tuple[float, int]:
        """Milliseconds from the request to the end of the script, and the bytes that came."""
        asked = BackMsg()
        asked.rerun_script.query_string = urlencode(place.query)
        asked.rerun_script.page_script_hash = self._hashes.get(place.slug, "")
        asked.rerun_script.context_info.timezone = ZONE
        begun = time.perf_counter()
        self._socket.send(asked.SerializeToString())
        size = 0
        while True:
            raw = self._socket.recv(timeout=START_SECONDS)
            size += len(raw)
            told = ForwardMsg()
            told.ParseFromString(raw)  # type: ignore[arg-type]
            kind = told.WhichOneof("type")
            if kind == "navigation":
                self._hashes = {one.url_pathname: one.page_script_hash for one in told.navigation.app_pages}
            elif kind == "script_finished":
                return (time.perf_counter() - begun) * 1000, size


# When the page last gained or lost something; the head's styles and the signs of running don't count.
_WATCH = """
window.lastChange = 0;
const ignored = '[data-testid="stHeader"], [data-testid="stToolbar"], [data-testid="stStatusWidget"]';
const watch = () => new MutationObserver((changes) => {
  if (changes.some((one) => !(one.target.closest && one.target.closest(ignored))))
    window.lastChange = performance.now();
}).observe(document.body, { childList: true, characterData: true, subtree: true });
document.body ? watch() : document.addEventListener("DOMContentLoaded", watch);
"""
_STILL = """
async ([go, path, quiet]) => {
  const begun = go ? performance.now() : 0;
  if (go === "back") history.back();
  else if (go) document.querySelector(`a[href$="/${go}"]`).click();
  const ran = () => document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"]');
  for (;;) {
    await new Promise((done) => setTimeout(done, 50));
    const now = performance.now();
    if (location.pathname.endsWith(path) && ran() && window.lastChange > begun
        && now - window.lastChange > quiet) break;
    if (now - begun > 60000) throw new Error("the page did not come to rest");
  }
  return [window.lastChange - begun,
          document.querySelectorAll('[data-testid="stElementContainer"]').length];
}
"""


class Tab:
    """An app in a browser tab: the time until nothing of the page changes any more."""

    def __init__(self, browser: Any, url: str, cookie: str) -> None:
        self._url = url
        self._context = browser.new_context(viewport={"width": 1440, "height": 900}, timezone_id=ZONE)
        name, _, value = cookie.partition("=")
        self._context.add_cookies([{"name": name, "value": value, "url": url}])
        self._context.add_init_script(_WATCH)
        self._page = self._context.new_page()

    def load(self, place: Place) -> tuple[float, int]:
        """Milliseconds from a reload of the address until the last element is there; how many are."""
        self._page.goto(place.address(self._url), wait_until="commit")
        return self._still("", place.slug)

    def leave(self, slug: str) -> None:
        """Click on another page of the menu."""
        self._still(slug, slug)

    def back(self, place: Place) -> tuple[float, int]:
        """Milliseconds from going back to a page until its last element is there; how many are."""
        return self._still("back", place.slug)

    def close(self) -> None:
        """Close the tab and its cookies."""
        self._context.close()

    def _still(self, go: str, slug: str) -> tuple[float, int]:
        self._page.bring_to_front()
        milliseconds, count = self._page.evaluate(_STILL, [go, f"/{slug}", QUIET_MS])
        return float(milliseconds), int(count)
