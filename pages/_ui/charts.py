"""Charts that follow the theme. A click returns the category, so that a page can open its rows.

Values become floats here and only here: they place pixels. What is read is formatted exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal

import plotly.graph_objects as go
import plotly.io
import streamlit as st
import streamlit.elements.plotly_chart  # registers the template that follows the theme

from pages._ui import empty
from pages._ui import format as fmt

Kind = Literal["int", "number", "money", "percent", "days"]
Value = int | float | Decimal | None

# Visible on both backgrounds, and quieter than any colour of the theme.
_BEFORE = "rgba(128, 146, 155, 0.65)"
_TICKS = {"money": "$~s", "percent": ".0%", "int": "~s", "number": "~s", "days": "~s"}
_TEMPLATE = "streamlit"
# A placeholder that the browser replaces by the theme's first colour.
_ACCENT = plotly.io.templates[_TEMPLATE].layout.colorway[0]
_QUIET = {"displayModeBar": False, "responsive": True}
# Pixels: of upright bars, of a lying bar, of two with their comparison, of the names of both above them.
_UPRIGHT, _ROW, _PAIR, _LEGEND = 260, 34, 48, 46
# As high as upright bars with the choices above them, beside which it stands.
_FUNNEL = 330
# How much longer the axis is than its longest bar, so that what is told behind it is not cut on a phone.
_LEAST_ROOM, _MOST_ROOM, _SIGNS = 1.4, 2.1, 18
_LABEL_LIMIT = 28


def bars(
    categories: Sequence[str], values: Sequence[Value], *, key: str, kind: Kind = "int", label: str = ""
) -> str | None:
    """Upright bars in the order given; returns the category clicked in this run."""
    if not categories:
        _nothing(key)
        return None
    figure = _bars(tuple(categories), _floats(values), _texts(values, kind), kind, label)
    return _draw(figure, key=key, alt=_alt(label, categories, values, kind))


def ranking(
    categories: Sequence[str],
    values: Sequence[Value],
    *,
    key: str,
    kind: Kind = "int",
    label: str = "",
    notes: Sequence[str] = (),
    compare: Sequence[Value] | None = None,
    compare_label: str = "Before",
    height: int = 0,
) -> str | None:
    """Lying bars in the order given, labelled with value and note, each above its comparison.

    Returns the one clicked. They are spread over a `height` that is more than they need.
    """
    if not categories:
        _nothing(key)
        return None
    texts = _texts(values, kind)
    if notes:
        texts = tuple(f"{text}  {note}".rstrip() for text, note in zip(texts, notes, strict=True))
    figure = _ranking(
        tuple(categories), _floats(values), texts,
        None if compare is None else _floats(compare),
        None if compare is None else _texts(compare, kind),
        kind, label, compare_label, height,
    )  # fmt: skip
    return _draw(figure, key=key, alt=_alt(label, categories, values, kind))


def funnel(stages: Sequence[str], counts: Sequence[int], *, key: str) -> str | None:
    """How many reached each stage, with the share of the first; returns the stage clicked."""
    if not stages or not counts[0]:
        _nothing(key)
        return None
    shares = [fmt.percent(Decimal(count) / counts[0], 0) for count in counts]
    return ranking(stages, counts, key=key, label="Reached", notes=shares, height=_FUNNEL)


def _nothing(key: str) -> None:
    empty.state("Nothing to draw for this choice.", icon=":material/bar_chart:", key=f"{key}.empty")


def _floats(values: Sequence[Value]) -> tuple[float | None, ...]:
    return tuple(None if value is None else float(value) for value in values)


def _texts(values: Sequence[Value], kind: Kind) -> tuple[str, ...]:
    return tuple(fmt.BY_KIND[kind](value) for value in values)


def _alt(label: str, categories: Sequence[str], values: Sequence[Value], kind: Kind) -> str:
    """What the chart says, for those who can't see it; long ones are cut."""
    pairs = [f"{one}: {text}" for one, text in zip(categories, _texts(values, kind), strict=True)]
    return f"{label or 'Chart'}. " + "; ".join(pairs[:40])


def _draw(figure: go.Figure, *, key: str, alt: str) -> str | None:
    # The library's own grey is too pale to be read on white (WCAG asks for 4.5).
    shade = "dark" if st.context.theme.type == "dark" else "light"
    soft = st.get_option(f"theme.{shade}.grayTextColor")
    figure.update_layout(font_color=soft)
    figure.update_xaxes(tickfont_color=soft)
    figure.update_yaxes(tickfont_color=soft)
    st.plotly_chart(
        figure,
        key=key,
        on_select=lambda: _remember_click(key),
        selection_mode="points",
        config=_QUIET,
        alt=alt,
    )
    clicked: str | None = st.session_state.pop(f"{key}.clicked", None)
    return clicked


def _remember_click(key: str) -> None:
    """Keep what was clicked for one run. A second click on the same bar opens it again."""
    points = st.session_state[key]["selection"]["points"]
    last = f"{key}.last"
    chosen = points[0].get("customdata") if points else st.session_state.get(last)
    if isinstance(chosen, list | tuple):
        chosen = chosen[0]
    if chosen is not None:
        st.session_state[f"{key}.clicked"] = st.session_state[last] = str(chosen)


def _points(categories: Sequence[str], texts: Sequence[str]) -> list[tuple[str, str, str]]:
    """Per point: the category that a click returns, how it is shown, and its value's text."""
    return [(one, _literal(one), text) for one, text in zip(categories, texts, strict=False)]


def _shown(category: str) -> str:
    cut = category if len(category) <= _LABEL_LIMIT else category[: _LABEL_LIMIT - 1] + "…"
    return _literal(cut)


def _two_lines(labels: Sequence[str]) -> list[str]:
    """Labels no wider than their bars: "Dec 2025" with the year below, and only where it changes."""
    parts = [label.partition(" ") for label in labels]
    told, before = [], ""
    for at, (first, _, second) in enumerate(parts):
        # A year of one bar would run into the next one's on a narrow screen, which tells it as well.
        is_alone = at == 0 and len(parts) > 1 and parts[1][2] not in {"", second}
        told.append(f"{first}<br>{second}" if second and second != before and not is_alone else first)
        before = second
    return told


def _literal(text: str) -> str:
    """Text whose tags Plotly shows instead of obeying."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _layout(figure: go.Figure, height: int, *, showlegend: bool) -> go.Figure:
    figure.update_layout(
        template=_TEMPLATE,
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        dragmode=False,
        clickmode="event+select",
        bargap=0.3,
        hoverlabel={"align": "left"},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "title": ""},
        showlegend=showlegend,
    )
    figure.update_xaxes(fixedrange=True, title=None, automargin=True)
    figure.update_yaxes(fixedrange=True, title=None, automargin=True)
    figure.update_traces(unselected={"marker": {"opacity": 0.6}}, selector=lambda one: one.type == "bar")
    return figure


@st.cache_data(max_entries=400, ttl=3600, show_spinner=False)
def _bars(
    categories: tuple[str, ...],
    values: tuple[float | None, ...],
    texts: tuple[str, ...],
    kind: Kind,
    label: str,
) -> go.Figure:
    names = [_shown(one) for one in categories]
    figure = go.Figure()
    figure.add_bar(
        x=names, y=values, name=label, customdata=_points(categories, texts), marker_color=_ACCENT,
        hovertemplate="%{customdata[1]}<br><b>%{customdata[2]}</b><extra>%{fullData.name}</extra>",
    )  # fmt: skip
    figure.update_yaxes(tickformat=_TICKS[kind], rangemode="tozero", nticks=5)
    figure.update_xaxes(type="category", tickangle=0, tickvals=names, ticktext=_two_lines(names))
    return _layout(figure, _UPRIGHT, showlegend=False)


@st.cache_data(max_entries=400, ttl=3600, show_spinner=False)
def _ranking(
    categories: tuple[str, ...],
    values: tuple[float | None, ...],
    texts: tuple[str, ...],
    compare: tuple[float | None, ...] | None,
    compare_texts: tuple[str, ...] | None,
    kind: Kind,
    label: str,
    compare_label: str,
    height: int,
) -> go.Figure:
    is_compared = compare is not None and compare_texts is not None
    named = "%{fullData.name}" if is_compared else ""
    shared: dict[str, Any] = {
        "y": list(range(len(categories))),
        "orientation": "h",
        "textposition": "outside",
        "cliponaxis": False,
        "hovertemplate": f"%{{customdata[1]}}<br><b>%{{customdata[2]}}</b><extra>{named}</extra>",
    }
    figure = go.Figure()
    figure.add_bar(
        x=values, name=label, text=texts, customdata=_points(categories, texts),
        marker_color=_ACCENT, **shared,
    )  # fmt: skip
    if compare is not None and compare_texts is not None:
        figure.add_bar(
            x=compare, name=compare_label, text=compare_texts,
            customdata=_points(categories, compare_texts), marker_color=_BEFORE, **shared,
        )  # fmt: skip
    drawn = [value for value in (*values, *(compare or ())) if value is not None]
    most, least = max(drawn, default=0.0), min(drawn, default=0.0)
    longest = max((len(text) for text in (*texts, *(compare_texts or ()))), default=0)
    room_behind = min(max(_LEAST_ROOM, 1 + longest / _SIGNS), _MOST_ROOM)
    figure.update_xaxes(
        visible=False, range=[min(least * 1.3, 0), max(most * room_behind, 0) or 1], tickformat=_TICKS[kind]
    )
    figure.update_yaxes(
        autorange="reversed",
        tickvals=list(range(len(categories))),
        ticktext=[_shown(one) for one in categories],
        showgrid=False,
        ticklabelstandoff=6,
    )
    row = _PAIR if is_compared else _ROW
    room = _LEGEND if is_compared else 16
    return _layout(figure, max(90, height, row * len(categories) + room), showlegend=is_compared)
