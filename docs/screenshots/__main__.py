"""Takes the screenshots of README and docs from the running demo: `./run screenshots [URL]`.

Start `./run` first; the pages are photographed as the demo people see them, at 1440 and 390 px.
Playwright comes with the requirements of development, and a Chromium has to be installed.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error, sync_playwright

from core import launch
from core.demo import PASSWORD
from core.kit.settings import settings

FOLDER = Path(__file__).parent
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
WIDE, NARROW = (1440, 900), (390, 844)


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its file, who looks, at which page, how wide, in which scheme."""

    name: str
    username: str
    path: str
    size: tuple[int, int] = WIDE
    scheme: str = "light"


SHOTS = (
    Shot("today", "agent", "/"),
    Shot("pipeline", "manager", "/pipeline"),
    Shot("pipeline-dark", "manager", "/pipeline", scheme="dark"),
    Shot("pipeline-narrow", "agent", "/pipeline", size=NARROW),
    Shot("kpis", "executive", "/kpis"),
)


def main(words: list[str]) -> int:
    """Take every picture; exit code 0, 1 when a page did not come up, 2 for a refusal."""
    url = _parser().parse_args(words).url.rstrip("/")
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if not _answers(url):
        print(f"PolicyDesk does not answer at {url}. Start it with ./run first.", file=sys.stderr)
        return 2
    if program is None:
        print("No Chromium was found; install the package chromium.", file=sys.stderr)
        return 2
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for shot in SHOTS:
            try:
                _take(browser, url, shot)
            except Error as error:
                told = error.message.splitlines()[0]
                print(f"{shot.path} did not come up for {shot.username}: {told}", file=sys.stderr)
                return 1
            print(f"docs/screenshots/{shot.name}.png")
        browser.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="./run screenshots",
        description="Take the screenshots of README and docs from the running demo.",
    )
    here = launch.address_of(settings().host, settings().port)
    made.add_argument("url", nargs="?", default=here, metavar="URL", help=f"by default {here}")
    return made


def _answers(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return launch.is_policydesk(parts.hostname or "", parts.port or 80)
    except ValueError:
        return False


def _take(browser: Browser, url: str, shot: Shot) -> None:
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if shot.scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(url + shot.path)
    page.locator("input[type=password]").wait_for()
    page.locator("input").first.fill(shot.username)
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1).wait_for(timeout=30_000)
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1_500)
    # Parts of the front end load when they are first drawn.
    page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')")
    page.screenshot(path=FOLDER / f"{shot.name}.png")
    context.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
