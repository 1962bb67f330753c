"""The frame of every page: head, sections, status tags, and the banners of the whole app."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.access import Viewer
from core.kit.lifecycle import Tone
from pages._ui import errors
from pages._ui import format as fmt

NAME = "PolicyDesk"
# Signs of a word that a fact's column holds; a longer one would be broken at any sign.
_FITS = 17
# More names are counted, for the line below a title.
_NAMED = 3
_ASSETS = Path(__file__).parent / "assets"

Color = Literal["gray", "blue", "green", "orange", "red"]
COLORS: dict[Tone, Color] = {
    Tone.NEUTRAL: "gray",
    Tone.INFO: "blue",
    Tone.GOOD: "green",
    Tone.WARNING: "orange",
    Tone.BAD: "red",
}


def setup() -> None:
    """Title, width, icon and logo; app.py calls it once a run, before anything is drawn."""
    st.set_page_config(page_title=NAME, page_icon=_ASSETS / "icon.svg", layout="wide")
    st.logo(_ASSETS / "logo.svg", size="large", icon_image=_ASSETS / "icon.svg")


def style() -> None:
    """What the theme can't say of the parts of a page; app.py calls it once a run, for all pages."""
    st.html(_ASSETS / "pages.css")


def head(title: str, subtitle: str = "", *, help: str | None = None) -> DeltaGenerator:  # noqa: A002
    """The page's only first-level heading; returns the place for its actions, on the right."""
    errors.deliver()
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    with row, st.container(width="stretch", gap=None):
        st.title(title, anchor=False, help=help)
        if subtitle:
            st.caption(subtitle)
    errors.deliver_at(errors.HEAD)
    return row.container(horizontal=True, horizontal_alignment="right", width="content", gap="xsmall")


def whose(viewer: Viewer, territories: Sequence[str] = (), people: Sequence[str] = ()) -> str:
    """Whose rows a list shows: of the territories and people that are chosen, or else all in scope."""
    areas = fmt.counted(len(territories), "territory", "territories")
    told = [areas] if len(territories) > _NAMED else [", ".join(territories)]
    told.append(fmt.counted(len(people), "person", "people") if len(people) > _NAMED else ", ".join(people))
    if any(told):
        return fmt.plain(" · ".join(one for one in told if one))
    if viewer.sees_all:
        return "The whole company"
    return "Your team and territories" if viewer.sees_others else "Your own"


def section(title: str, *, help: str | None = None) -> DeltaGenerator:  # noqa: A002
    """A second-level heading; returns the place for its actions, on the right."""
    row = st.container(horizontal=True, vertical_alignment="center", gap="small")
    with row:
        st.header(title, anchor=False, help=help, width="stretch")
    return row.container(horizontal=True, horizontal_alignment="right", width="content", gap="xsmall")


def tag(label: str, tone: Tone, *, icon: str | None = None) -> None:
    """A status in its colour."""
    st.badge(fmt.plain(label), color=COLORS[tone], icon=icon)


def demo_badge() -> None:
    """Tells that the data are made up."""
    st.badge(
        "Demo data",
        icon=":material/science:",
        color="orange",
        help="Every person, policy and amount here is made up. Start with your own database to "
        "leave demo mode.",
    )


def stale_banner(
    refreshed_at: datetime | None, *, failed_at: datetime | None, zone: str, reference: str = ""
) -> None:
    """While the last refresh failed: the figures are those of the one before (quality.md D25)."""
    if failed_at is None:
        return
    shown = (
        f"The figures are those of {fmt.moment(refreshed_at, zone)}."
        if refreshed_at
        else "There are no figures yet."
    )
    told = f" Reference {reference}." if reference else ""
    st.warning(
        f"{shown}{told}",
        title=f"The refresh of {fmt.moment(failed_at, zone)} failed",
        icon=":material/sync_problem:",
    )


def facts(pairs: dict[str, str], *, width: int = 150) -> None:
    """Labels with values in a grid that folds on narrow screens; empty values are dashes.

    A value with a long word, such as an e-mail address, takes the room of two. A column is as wide as
    `width` in pixels, at least.
    """
    grid = st.grid("auto", min_column_width=width, gap=("xsmall", "small"))
    for label, value in pairs.items():
        longest = max(map(len, fmt.text(value).split()))
        # One element a fact: four would be most of what such a page sends.
        place = grid if longest <= _FITS else grid.cell(column_span=2)
        place.markdown(f":small[:gray[{fmt.plain(label)}]]  \n{fmt.plain(fmt.text(value))}")
