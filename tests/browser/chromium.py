"""Where a Chromium is: POLICYDESK_CHROMIUM, or one of the usual names on the path."""

from __future__ import annotations

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
NONE_FOUND = (
    "no Chromium found: install one, or name its program in POLICYDESK_CHROMIUM "
    f"(looked for {', '.join(NAMES)})"
)
# Containers run as root and without much shared memory.
# One process for all pages of a site, which need not compile the same again (conftest.py).
ARGUMENTS = ("--no-sandbox", "--disable-dev-shm-usage", "--process-per-site")


def find_chromium() -> str | None:
    """The program's path, or None when there is none."""
    named = os.environ.get("POLICYDESK_CHROMIUM")
    if named:
        return shutil.which(named)
    return next((found for name in NAMES if (found := shutil.which(name))), None)
