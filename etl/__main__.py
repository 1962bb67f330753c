"""`python -m etl`: refresh the analytic copy once; exit code 0, 1 for a failure, 2 for a refusal."""

from __future__ import annotations

import argparse
import sys
import time

from core.jobs import AlreadyRunning
from core.kit import logs
from core.kit.errors import Refusal
from core.kit.settings import settings
from etl.run import refresh

EXIT_FAILED = 1
EXIT_REFUSED = 2
BAR = 30


def main(words: list[str]) -> int:
    """Run one refresh and say how it went."""
    parser = argparse.ArgumentParser(prog="./run etl", description="Refresh the analytic copy.")
    parser.add_argument("--run", type=int, default=None, help=argparse.SUPPRESS)
    chosen = parser.parse_args(words)
    logs.configure(level=settings().log_level, as_json=settings().log_json)
    began = time.monotonic()
    try:
        version = refresh(run_id=chosen.run, on_progress=_Bar(is_live=sys.stderr.isatty()))
    except AlreadyRunning as refusal:
        print(refusal, file=sys.stderr)
        return EXIT_REFUSED
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return EXIT_FAILED
    seconds = time.monotonic() - began
    print(f"Published {version.name} in {seconds:.1f} s.")
    return 0


class _Bar:
    """A bar on a terminal; nothing elsewhere, where nobody watches."""

    def __init__(self, *, is_live: bool) -> None:
        self._is_live = is_live

    def __call__(self, percent: int, step: str) -> None:
        if self._is_live:
            filled = "█" * (percent * BAR // 100)
            end = "\n" if percent >= 100 else ""  # noqa: PLR2004 - per cent
            print(f"\r  {filled:░<{BAR}} {percent:3}%  {step[:40]:<40}", end=end, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
