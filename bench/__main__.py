"""`./run bench [NAME ...]`: runs the benchmarks named, or all; each prints ratios of one run."""

from __future__ import annotations

import argparse
import runpy
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def main(words: list[str]) -> int:
    """Run them one after the other, so that they do not disturb each other."""
    there = sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))
    names = parser(there).parse_args(words).names
    unknown = sorted(set(names) - set(there))
    if unknown:
        told = f"There is no benchmark {', '.join(unknown)}. There are: {', '.join(there)}."
        print(told, file=sys.stderr)
        return 2
    for name in names or there:
        print(f"\n== {name}", flush=True)
        sys.argv = [f"bench/{name}.py"]
        runpy.run_module(f"bench.{name}", run_name="__main__")
    return 0


def parser(there: list[str]) -> argparse.ArgumentParser:
    """What `./run bench` understands."""
    made = argparse.ArgumentParser(
        prog="./run bench", description="Run benchmarks; each prints ratios that were measured in one run."
    )
    made.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(there)}; all by default")
    return made


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
