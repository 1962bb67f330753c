"""Takes the screenshots of README and docs from the running demo: `./run screenshots [URL]`.

Start `./run` first; the pages are photographed as the demo people see them, at 1440 and 390 px.
Playwright comes with the requirements of development, and a Chromium has to be installed.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from core.demo import sign_ins
from core.kit.settings import settings

FOLDER = Path(__file__).parent
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
    Shot("kpis", "executive", "/kpis?period=this_year"),
    Shot("users", "admin", "/users"),
    Shot("imports", "admin", "/imports"),
)


def main(words: list[str]) -> int:
    """Take every picture; the exit code."""
    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        print("No Chromium was found; install the package chromium.", file=sys.stderr)
        return 2
    url = words[0] if words else f"http://{settings().host}:{settings().port}"
    passwords = {one.username: one.password for one in sign_ins()}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for shot in SHOTS:
            width, height = shot.size
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if shot.scheme == "dark" else "light",
            )
            page = context.new_page()
            page.goto(url + shot.path)
            page.locator("input[type=password]").wait_for()
            page.locator("input").first.fill(shot.username)
            page.locator("input[type=password]").fill(passwords[shot.username])
            page.keyboard.press("Enter")
            page.get_by_role("heading", level=1).wait_for(timeout=30_000)
            page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(1_500)
            # Parts of the front end load when they are first drawn.
            page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')")
            page.screenshot(path=FOLDER / f"{shot.name}.png")
            context.close()
            print(f"docs/screenshots/{shot.name}.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
