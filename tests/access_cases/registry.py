"""Every function that core opens to others, and the case of each."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.access_cases.world import Case

ROOT = Path(__file__).resolve().parents[2]


def front_doors() -> Iterator[tuple[str, Callable[..., Any]]]:
    """(context.name, function) of everything that a context opens to others."""
    for path in sorted((ROOT / "core").glob("*/__init__.py")):
        context = path.parent.name
        module = importlib.import_module(f"core.{context}")
        for name in getattr(module, "__all__", ()):
            found = getattr(module, name)
            if inspect.isfunction(found):
                yield f"{context}.{name}", found


def cases() -> dict[str, Case]:
    """The case of every function, out of all files of this folder."""
    found: dict[str, Case] = {}
    for path in sorted((ROOT / "tests" / "access_cases").glob("*.py")):
        module = importlib.import_module(f"tests.access_cases.{path.stem}")
        more: dict[str, Case] = getattr(module, "CASES", {}) if path.stem != "registry" else {}
        twice = found.keys() & more.keys()
        assert not twice, f"{sorted(twice)} in {path.name} are in the table already"
        found |= more
    return found


FUNCTIONS = dict(front_doors())
GATED = {name: function for name, function in FUNCTIONS.items() if hasattr(function, "__gate__")}
CASES = cases()
