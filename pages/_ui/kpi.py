"""KPI tiles: value, change in its good direction, n, what it means, and the rows behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from pages._ui import format as fmt
from pages._ui import sparkline

# Two tiles side by side on a telephone of 390 pixels.
_NARROWEST = 170


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile. All text comes formatted; `good` says whether the change is for the better.

    `n` names what was counted ("of 104 closed"), `against` the comparison ("than in October").
    """

    slug: str
    label: str
    value: str
    n: str = ""
    delta: str = ""
    good: bool | None = None
    against: str = ""
    formula: str = ""
    owner: str = ""
    refreshed: str = ""
    trend: tuple[float, ...] = ()
    rows: bool = True


def tiles(found: Sequence[Tile], *, key: str) -> str | None:
    """Draw the tiles in a grid that folds; returns the slug whose rows were asked for."""
    asked = None
    grid = st.grid("auto", min_column_width=_NARROWEST, gap="xsmall")
    for tile in found:
        with grid, st.container(border=True, gap="xxsmall", height="stretch"):
            if _tile(tile, key=key):
                asked = tile.slug
    return asked


def _tile(tile: Tile, *, key: str) -> bool:
    st.metric(
        tile.label,
        tile.value,
        delta=tile.delta or None,
        delta_color=_color(tile),
        delta_description=tile.against or None if tile.delta else None,
        delta_arrow=_arrow(tile.delta),
    )
    if len(tile.trend) > 1:
        sparkline.show(tile.trend, label=tile.label, color=_color(tile))
    st.space("stretch")
    st.caption(tile.n or "\u00a0")
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        asked = tile.rows and st.button(
            "Rows", key=f"{key}.{tile.slug}.rows", type="tertiary", icon=":material/table_rows:"
        )
        with st.popover("About", icon=":material/info:", type="tertiary", key=f"{key}.{tile.slug}.about"):
            _about(tile)
    return asked


def _about(tile: Tile) -> None:
    """One element, for it is sent with every tile and seldom opened."""
    told = [f"**{fmt.plain(tile.label)}**"]
    for label, value in (
        ("Formula", tile.formula),
        ("Counted", tile.n),
        ("Owner", tile.owner),
        ("Refreshed", tile.refreshed),
    ):
        if value:
            told.append(f":small[:gray[{label}]]  \n{fmt.plain(value)}")
    st.markdown("\n\n".join(told))


def _color(tile: Tile) -> sparkline.Color:
    if tile.good is None or not tile.delta:
        return "gray"
    return "green" if tile.good else "red"


def _arrow(delta: str) -> Literal["up", "down", "off"]:
    if delta.startswith("+"):
        return "up"
    return "down" if delta.startswith(("-", "\u2212")) else "off"
