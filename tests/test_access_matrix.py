"""Every action and read x role x {own, subtree, foreign, missing} (quality.md S, Access).

A front-door function that takes a viewer has a gate, and a case in tests/access_cases/<context>.py
that says a second time which permission it takes; without either, this fails.
"""

from __future__ import annotations

import inspect
import tempfile
from pathlib import Path

import pytest

from core.access import GRANTS, Role, Viewer
from core.db import unit_of_work
from core.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from tests.access_cases.registry import CASES, FUNCTIONS, GATED
from tests.access_cases.world import POSITIONS, Case, World, everybodys, world


def test_every_front_door_function_that_takes_a_viewer_has_a_gate():
    # The access context makes the gates; its own functions are called by them.
    without = [
        name
        for name, function in FUNCTIONS.items()
        if "by" in inspect.signature(function).parameters
        and name not in GATED
        and not name.startswith("access.")
    ]
    assert without == []


def test_every_gated_function_is_in_the_table_and_no_other():
    assert sorted(CASES) == sorted(GATED)


def test_every_gate_asks_for_the_permission_of_the_table():
    asked = {name: function.__gate__.permission for name, function in GATED.items()}
    assert asked == {name: case.permission for name, case in CASES.items()}


def test_a_gate_refuses_a_call_without_a_viewer():
    with pytest.raises(TypeError, match="needs by=viewer"):
        GATED["sales.lead"](1, by=None)


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_function_opens_for_the_right_roles_and_rows_alone(shared_database: None, name: str):
    case, somewhere = CASES[name], world()
    found, wanted = {}, {}
    for role in Role:
        viewer = somewhere.viewer(role)
        for position in POSITIONS:
            found[role.value, position] = outcome(case, somewhere, viewer, position)
            wanted[role.value, position] = expected(case, role, position)
    assert found == wanted


@pytest.mark.parametrize("name", ["imports.look", "imports.distinct", "imports.preview", "imports.begin"])
def test_the_cases_of_files_leave_none_behind(
    shared_database: None, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    outcome(CASES[name], world(), world().viewer(Role.ADMIN), "own")
    assert list(tmp_path.iterdir()) == []


def expected(case: Case, role: Role, position: str) -> str:
    if case.permission not in GRANTS[role]:
        return "denied"
    if case.is_visible is everybodys:
        return "found"
    return "found" if position != "missing" and case.is_visible(role, position) else "not found"


def outcome(case: Case, somewhere: World, viewer: Viewer, position: str) -> str:
    key = case.missing
    if case.make is not None and (position != "missing" or case.is_visible is everybodys):
        with unit_of_work():
            key = case.make(somewhere.owner(viewer.role, position))
    try:
        answer = case.call(key, viewer)
    except NotAllowed:
        # The gate, unless the viewer has the permission: then a rule about the record found.
        return "found" if viewer.can(case.permission) else "denied"
    except NotFound:
        return "not found"
    except Invalid as refused:
        return "not found" if case.fields & refused.fields.keys() else "found"
    except Refusal:
        return "found"
    return "not found" if answer is False else "found"
