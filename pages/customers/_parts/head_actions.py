"""What a customer's and an account's head offers: bring back, or edit and everything else in a menu."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from core.access import Permission, Viewer
from pages._ui import errors


@dataclass(frozen=True, slots=True)
class Action:
    """A row of the menu: what it says, who may, and what it does."""

    label: str
    permission: Permission
    do: Callable[[], object]


def bring_back(restore: Callable[[], object], told: str, viewer: Viewer) -> None:
    """The one thing to do with an archived record; `told` is said once it is back."""
    if viewer.can(Permission.CUSTOMERS_EDIT) and st.button("Bring back", icon=":material/unarchive:"):
        with errors.told("flash") as outcome:
            restore()
        if outcome.ok:
            errors.flash(told)
        st.rerun()


def offer(edit: Callable[[], object], more: Sequence[Action], viewer: Viewer, *, key: str) -> None:
    """Edit as the main button, and in a menu what else the viewer may do."""
    if viewer.can(Permission.CUSTOMERS_EDIT) and st.button("Edit", icon=":material/edit:", type="primary"):
        edit()
    more_of(more, viewer, key=key)


def more_of(actions: Sequence[Action], viewer: Viewer, *, key: str) -> None:
    """The menu with what the viewer may do; none without a row."""
    offered = {action.label: action for action in actions if viewer.can(action.permission)}
    chosen = st.menu_button("More", list(offered), key=key) if offered else None
    if chosen is not None:
        offered[chosen].do()
