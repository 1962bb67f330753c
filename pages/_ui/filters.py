"""Filters that live in the address: a link shows the same rows to whoever may see them.

The address is never trusted: a value that is not among the options is dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import streamlit as st

from core.kit.dates import Period, month_of
from pages._ui import format as fmt
from queries.filters import compared_period, named_periods

# The days that a date box takes. Without them it takes ten years, and keeps the old day for any other.
LONG_AGO, FAR_AHEAD = date(1800, 1, 1), date(2199, 12, 31)

_SEP = "."
_TEXT_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: the value that the address carries, and what people read."""

    value: str
    label: str


def distinct(options: Sequence[Option]) -> dict[str, str]:
    """Labels by value; those that several options share carry the value.

    The browser answers with the label that was chosen: of two alike the first would be taken.
    """
    counts = Counter(option.label for option in options)
    return {
        option.value: option.label if counts[option.label] == 1 else f"{option.label} (#{option.value})"
        for option in options
    }


@dataclass(frozen=True, slots=True)
class PeriodChoice:
    """The period chosen and the one it is compared with, with what to call them."""

    period: Period
    compare: Period | None
    label: str
    compare_label: str


PERIODS: tuple[Option, ...] = (
    Option("month", "This month"),
    Option("last_month", "Last month"),
    Option("quarter", "This quarter"),
    Option("last_quarter", "Last quarter"),
    Option("year", "This year"),
    Option("last_year", "Last year"),
    Option("12_months", "Last 12 months"),
    Option("custom", "Own dates"),
)
COMPARISONS: tuple[Option, ...] = (
    Option("previous", "The period before"),
    Option("year_before", "A year before"),
    Option("none", "Nothing"),
)


def bar() -> AbstractContextManager[object]:
    """The row of filters; it folds on narrow screens."""
    return st.grid("auto", min_column_width=150, gap="xsmall", vertical_alignment="bottom")


def choose(
    label: str,
    options: Sequence[Option],
    *,
    key: str,
    everything: str | None = "All",
    hidden: bool = False,
) -> str | None:
    """One of the options, or None for all; without `everything` the first is the default."""
    values = [option.value for option in options]
    labels = distinct(options)
    state = _follow_address(key, lambda raw: raw if raw in labels else None)
    if everything is None and st.session_state[state] is None and values:
        st.session_state[state] = values[0]
    st.selectbox(
        label,
        values,
        index=None if everything is not None else 0,
        key=state,
        format_func=lambda value: labels.get(value, value),
        placeholder=everything,
        label_visibility="collapsed" if hidden else "visible",
        on_change=_into_address,
        args=(key,),
    )
    chosen: str | None = st.session_state[state]
    return chosen


def switch(
    label: str,
    options: Sequence[Option],
    *,
    key: str,
    default: str | None = None,
    width: Literal["content", "stretch"] = "content",
) -> str:
    """One of few options, all in sight; the first is the default, where none is named.

    The label is for screen readers.
    """
    labels = distinct(options)
    state = _follow_address(key, lambda raw: raw if raw in labels else None)
    if st.session_state[state] is None:
        st.session_state[state] = options[0].value if default is None else default
    chosen = st.session_state[state]
    st.segmented_control(
        label,
        list(labels),
        key=state,
        required=True,
        format_func=lambda value: _lit(labels[value]) if value == chosen else labels.get(value, value),
        label_visibility="collapsed",
        width=width,
        on_change=_into_address,
        args=(key,),
    )
    return str(st.session_state[state])


def _lit(label: str) -> str:
    """The option that is chosen, in the colour of links on a dark page.

    There the accent, which is made for white text on it, stands out from the page by 4.1 only; text
    needs 4.5 (WCAG 1.4.3).
    """
    if st.context.theme.type != "dark":
        return label
    return f':color[{label}]{{foreground="{st.get_option("theme.dark.linkColor")}"}}'


def choose_many(label: str, options: Sequence[Option], *, key: str) -> tuple[str, ...]:
    """Any of the options; none chosen means all."""
    labels = distinct(options)

    def read(raw: str) -> list[str]:
        return [one for one in raw.split(_SEP) if one in labels]

    state = _follow_address(key, read)
    if st.session_state[state] is None:
        st.session_state[state] = []
    st.multiselect(
        label,
        list(labels),
        key=state,
        format_func=lambda value: labels.get(value, value),
        placeholder="All",
        on_change=_into_address,
        args=(key,),
    )
    return tuple(st.session_state[state])


def text(label: str, *, key: str, placeholder: str = "", hidden: bool = False) -> str:
    """Free text, cut to 100 characters; a hidden label is for screen readers."""
    state = _follow_address(key, lambda raw: raw[:_TEXT_LIMIT])
    if st.session_state[state] is None:
        st.session_state[state] = ""
    st.text_input(
        label,
        key=state,
        type="search",
        placeholder=placeholder,
        max_chars=_TEXT_LIMIT,
        label_visibility="collapsed" if hidden else "visible",
        icon=":material/search:",
        on_change=_into_address,
        args=(key,),
    )
    return str(st.session_state[state] or "").strip()


def chosen(key: str, options: Sequence[Option], *, is_one: bool = False) -> tuple[str, ...]:
    """The labels of what the address chooses of the options; none for all. `is_one` as with `choose`."""
    raw = st.query_params.get(key) or ""
    labels = distinct(options)
    return tuple(labels[one] for one in ([raw] if is_one else raw.split(_SEP)) if one in labels)


def clear(*keys: str) -> None:
    """Forget the filters; for a button's callback."""
    for key in keys:
        st.query_params.pop(key, None)


def count(*keys: str, known: Mapping[str, Sequence[Option]] | None = None) -> int:
    """How many of the filters are set; of those in `known` only with a value among its options."""
    values = {key: {one.value for one in options} for key, options in (known or {}).items()}
    return sum(1 for key in keys if _is_set(st.query_params.get(key), values.get(key)))


def _is_set(raw: str | None, values: Collection[str] | None) -> bool:
    if not raw or values is None:
        return bool(raw)
    return any(one in values for one in (raw, *raw.split(_SEP)))


def period(today: date, *, key: str = "period", default: str = "month") -> PeriodChoice:
    """The period and its comparison; to date it compares with the same elapsed days (D24)."""
    ordered = sorted(PERIODS, key=lambda option: option.value != default)
    chosen = choose("Period", ordered, key=key, everything=None) or default
    span = _custom(today, key) if chosen == "custom" else preset(chosen, today)
    against = choose("Compare with", COMPARISONS, key=f"{key}_compare", everything=None)
    return chosen_period(chosen, span, str(against), today)


def span(label: str, today: date, *, key: str) -> Period | None:
    """A period to narrow a list by, or None for any time."""
    chosen = choose(label, PERIODS, key=key, everything="Any time")
    if chosen is None:
        return None
    return _custom(today, key) if chosen == "custom" else preset(chosen, today)


def chosen_period(chosen: str, span: Period, against: str, today: date) -> PeriodChoice:
    """The choice with its labels: the period up to today, compared by the same elapsed days."""
    compare = compared_period(span, against, today=today)
    names = {option.value: option.label for option in PERIODS}
    label = _span(span) if chosen == "custom" else names[chosen]
    return PeriodChoice(span, compare, label, _span(compare) if compare else "")


def preset(chosen: str, today: date) -> Period:
    """The named period that holds today, or the last whole one before it."""
    return named_periods(today)[chosen]


def _span(span: Period) -> str:
    return f"{fmt.day(span.start)} – {fmt.day(span.last_day)}"


def _custom(today: date, key: str) -> Period:
    name = f"{key}_days"
    state = _follow_address(name, _days)
    if st.session_state[state] is None:
        st.session_state[state] = (today.replace(day=1), today)
    st.date_input(
        "Dates", key=state, format="MM/DD/YYYY", on_change=_into_address, args=(name,),
        min_value=LONG_AGO, max_value=FAR_AHEAD,
    )  # fmt: skip
    days = st.session_state[state]
    if not isinstance(days, tuple | list) or len(days) != 2:  # noqa: PLR2004 - both ends
        return month_of(today)
    return Period(days[0], days[1] + timedelta(days=1))


def _days(raw: str) -> tuple[date, date] | None:
    """Both ends as the address tells them; None for what the date box does not take."""
    first, _, last = raw.partition(_SEP)
    try:
        days = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None
    return days if LONG_AGO <= days[0] <= days[1] <= FAR_AHEAD else None


def _follow_address(key: str, read: Callable[[str], object]) -> str:
    """Take over what the address says whenever it changed; returns the widget's state key."""
    state, seen = f"filter.{key}", f"filter.{key}.seen"
    raw = st.query_params.get(key)
    if raw != st.session_state.get(seen) or state not in st.session_state:
        st.session_state[state] = read(raw) if raw else None
        st.session_state[seen] = raw
    return state


def _into_address(key: str) -> None:
    value = st.session_state[f"filter.{key}"]
    if isinstance(value, tuple | list):
        if key.endswith("_days") and len(value) < 2:  # noqa: PLR2004 - the second end is to come
            return
        raw = _SEP.join(str(one) for one in value)
    else:
        raw = str(value or "")
    if raw:
        st.query_params[key] = raw
    else:
        st.query_params.pop(key, None)
    st.session_state[f"filter.{key}.seen"] = raw or None
