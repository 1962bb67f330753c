"""Hostile and odd strings through every function that takes typed text (quality.md S, Input).

Every function of the access matrix is called as a form calls it, and then once more for each of its
texts and strings: it answers or refuses in words, and what it keeps is the whole of what was typed.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import event

import core.db
from core.access import GRANTS, Role
from core.db import unit_of_work
from core.kit.errors import Refusal
from core.kit.fields import plain_text
from tests.access_cases.registry import CASES, GATED
from tests.access_cases.world import Case, World, world
from tests.customers.test_robustness import strings
from tests.filled_forms import FILLED

# What a keyboard seldom sends, and a program easily.
MORE = ("\x00", "a\x00b", "\u202eevil", "²", "9" * 400, "x" * 20_000, "line\r\nline\tline", " \u00a0 ")
SHARE = 6  # of each text, unless all are asked for
SLOW = {
    "people.change_password": 3,
    "people.create_user": 3,
}  # a password is hashed slowly, as it has to be
# Texts that nobody types, because the page's own code says them.
SAID = {
    "": ("request_id", "by"),
    "customers.record_consent": ("text_version",),
    "imports.begin": ("steps",),  # begins a process; what files hold is for tests/imports
    "imports.distinct": ("file", "column"),
    "people.save_view": ("page",),
    "people.saved_views": ("page",),
    "sales.board": ("kind",),
    "sales.column_cards": ("kind",),
    "sales.deals": ("kind",),
}

Path = tuple[Any, ...]


class Called(BaseException):
    """A form's call, before it is made."""


class Undo(BaseException):
    """Takes back what a call has written."""


def leaves(value: object, path: Path = ()) -> Iterator[Path]:
    """Where texts are in the arguments of a call; an enumeration's value is none."""
    if type(value) is str:
        yield path
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            inner = getattr(value, field.name)
            if inner is None and "str" in str(field.type).split(" | "):
                yield (*path, field.name)
            else:
                yield from leaves(inner, (*path, field.name))
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list | tuple):
        for position, inner in enumerate(value):
            yield from leaves(inner, (*path, position))


def typed_in(name: str, bound: inspect.BoundArguments) -> Iterator[Path]:
    """Where texts are that somebody may have typed."""
    said = {*SAID[""], *SAID.get(name, ())}
    return (path for path in leaves(bound.arguments) if path[0] not in said)


def replaced(value: Any, path: Path, text: str) -> Any:
    """The same arguments, with another text at the path."""
    if not path:
        return text
    first, rest = path[0], path[1:]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.replace(value, **{first: replaced(getattr(value, first), rest, text)})
    if isinstance(value, Mapping):
        return {**value, first: replaced(value[first], rest, text)}
    made = [replaced(one, rest, text) if at == first else one for at, one in enumerate(value)]
    return tuple(made) if isinstance(value, tuple) else made


def filled(name: str, case: Case, somewhere: World, role: Role) -> inspect.BoundArguments:
    """The call in which the form ends when somebody of the role fills it in."""
    context, plain = name.split(".")
    viewer = somewhere.viewer(role)
    with unit_of_work():
        key = case.missing if case.make is None else case.make(somewhere.owner(role, "own"))
    found: list[inspect.BoundArguments] = []

    def kept(*args: object, **options: object) -> None:
        bound = inspect.signature(GATED[name]).bind(*args, **options)
        bound.apply_defaults()
        found.append(bound)
        raise Called

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Called):
        patch.setattr(importlib.import_module(f"core.{context}"), plain, kept)
        case.call(key, viewer)
    return found[0]


def tried(function: Callable[..., Any], arguments: Mapping[str, Any]) -> list[str] | Refusal:
    """The texts that the call wrote, all of which is taken back; or why it was refused."""
    written: list[str] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, ___: Any, ____: Any) -> None:
        if statement.lstrip().lower().startswith(("insert", "update", "with")):
            written.extend(texts(parameters))

    event.listen(core.db.engine(), "before_cursor_execute", note)
    try:
        with unit_of_work() as session:
            function(**arguments)
            session.flush()
            for callback in session.info.pop("before_commit", ()):
                callback(session)
            raise Undo
    except Undo:
        return written
    except Refusal as refusal:
        return refusal
    finally:
        event.remove(core.db.engine(), "before_cursor_execute", note)


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner)
    elif hasattr(value, "obj"):  # what is sent as JSON
        yield from texts(value.obj)


def at(value: Any, path: Path) -> Any:
    """What stands at the path."""
    for step in path:
        value = getattr(value, step) if dataclasses.is_dataclass(value) else value[step]
    return value


def holds(written: list[str], typed: str) -> bool:
    """Whether the whole text is in something that was written."""
    wanted = plain_text(typed).upper().casefold()  # codes are kept in capitals
    return any(wanted in plain_text(one).upper().casefold() for one in written)


def taken(name: str, case: Case, somewhere: World) -> tuple[inspect.BoundArguments, list[str]]:
    """The call of somebody from whom the form is taken as it was filled in, and what that writes."""
    refused: list[str] = []
    for role in Role:
        if case.permission not in GRANTS[role] or not case.is_visible(role, "own"):
            continue
        bound = filled(name, case, somewhere, role)
        if not list(typed_in(name, bound)):
            return bound, []
        outcome = tried(GATED[name], bound.arguments)
        if not isinstance(outcome, Refusal):
            return bound, outcome
        refused.append(f"{role}: {outcome} {getattr(outcome, 'fields', '')}")
    pytest.fail(f"{name} is refused as it is filled in: " + "; ".join(refused))


def share(name: str, path: Path, *, every: bool) -> list[str]:
    """All strings, or so many of them that all functions together are given each one."""
    given = strings()
    step = 1 if every else max(1, len(given) // SLOW.get(name, SHARE))
    start = zlib.crc32(f"{name}{path}".encode()) % step
    return [*given[start::step], *(MORE[:2] if name in SLOW else MORE)]


@pytest.mark.parametrize("name", sorted(CASES))
def test_every_text_is_kept_whole_or_refused(shared_database, pytestconfig, name):
    case = FILLED.get(name) or CASES[name]
    somewhere = world()
    bound, usual = taken(name, case, somewhere)
    wrong: list[str] = []
    for path in typed_in(name, bound):
        is_kept = at(bound.arguments, path) in usual
        for typed in share(name, path, every=pytestconfig.getoption("all_strings")):
            try:
                written = tried(GATED[name], replaced(bound.arguments, path, typed))
            except Exception as error:  # noqa: BLE001  # what a page could not tell in words
                wrong.append(f"{path} {typed[:60]!r}: {type(error).__name__} {error}"[:300])
                break
            if is_kept and not isinstance(written, Refusal) and not holds(written, typed):
                wrong.append(f"{path} {typed[:60]!r}: kept as something else")
                break
    assert wrong == []
