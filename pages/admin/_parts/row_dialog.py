"""All that one row of a table tells, in a dialog: below a long table it would be out of sight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from pages._ui import format as fmt
from pages._ui import tables


def of(key: str, chosen: Sequence[int], count: int) -> int | None:
    """The position of the row whose button was clicked, or that was selected by keyboard, of `count`."""
    clicked = tables.opened(key, count)
    return clicked if clicked is not None else next(iter(chosen), None)


def show(key: str, title: str, draw: Callable[[], None]) -> None:
    """Draw it over the page; once it is closed, no row is selected any more."""
    st.dialog(fmt.plain(title), width="large", on_dismiss=partial(deselect, key))(draw)()


def deselect(key: str) -> None:
    """Select no row, for callbacks."""
    st.session_state[key] = {"selection": {"rows": [], "columns": [], "cells": []}}
