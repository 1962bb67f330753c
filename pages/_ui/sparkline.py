"""A small line under a figure, as a picture of a few hundred bytes.

Streamlit's own (`st.metric(chart_data=...)`) brings a chart library along: twenty of them took the
browser three times as long as the rest of the page.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import streamlit as st

from pages._ui import format as fmt

Color = Literal["green", "red", "gray"]

# The widest that a tile shows it; narrower ones shrink it.
_WIDTH, _HEIGHT, _EDGE = 330, 76, 4


def show(values: Sequence[float], *, label: str, color: Color) -> None:
    """The values from left to right; who can't see them is told them."""
    shade = "dark" if st.context.theme.type == "dark" else "light"
    told = "; ".join(fmt.number_short(round(value, 2)) for value in values)
    picture = _picture(tuple(values), str(st.get_option(f"theme.{shade}.{color}Color")))
    # Not st.image, which offers to show it on the whole screen.
    st.markdown(f"![{fmt.plain(f'{label}: {told}')}](data:image/svg+xml;base64,{picture})")


@lru_cache(maxsize=2_000)
def _picture(values: tuple[float, ...], stroke: str) -> str:
    least, most = min(values), max(values)
    step, height = _WIDTH / max(len(values) - 1, 1), _HEIGHT - 2 * _EDGE
    # What never changes lies in the middle.
    shares = [(value - least) / (most - least) if most > least else 0.5 for value in values]
    line = " ".join(
        f"{at * step:.1f},{_EDGE + (1 - share) * height:.1f}" for at, share in enumerate(shares)
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}"'
        f' height="{_HEIGHT}" preserveAspectRatio="none">'
        f'<polygon points="0,{_HEIGHT} {line} {_WIDTH},{_HEIGHT}" fill="{stroke}" fill-opacity="0.12"/>'
        f'<polyline points="{line}" fill="none" stroke="{stroke}" stroke-width="1.5"'
        ' stroke-linejoin="round" vector-effect="non-scaling-stroke"/></svg>'
    )
    return base64.b64encode(svg.encode()).decode()
