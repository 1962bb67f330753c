"""`./run bench [NAME ...]`: runs the benchmarks named, or all; each prints ratios of one run."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def main(words: list[str]) -> int:
    """Run them one after the other, so that they do not disturb each other."""
    there = sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))
    unknown = sorted(set(words) - set(there))
    if unknown:
        print(f"There is no benchmark {', '.join(unknown)}. There are: {', '.join(there)}.")
        return 2
    for name in words or there:
        print(f"\n== {name}", flush=True)
        sys.argv = [f"bench/{name}.py"]
        runpy.run_module(f"bench.{name}", run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
