"""A board of made-up leads without a database, for the component's own test.

`?leads=n` says how many. A lead without a value is refused the proposal column.
"""

import streamlit as st

from core.kit.lifecycle import Tone
from pages._ui.board import Card, Column, More, Moved, board

PAGE = 25
FLOW = {
    "new": ("contacted", "lost"),
    "contacted": ("qualified", "lost"),
    "qualified": ("proposal", "lost"),
    "proposal": ("lost",),
    "lost": (),
}
TONES = dict(zip(FLOW, (Tone.INFO, Tone.NEUTRAL, Tone.WARNING, Tone.WARNING, Tone.BAD), strict=True))
HOSTILE = "<img src=x onerror=document.title='taken'>"

st.set_page_config(layout="wide")  # as every page of the app: all columns are in sight
state = st.session_state
if "status_of" not in state:
    statuses = list(FLOW)[:4]
    state.status_of = {
        str(number): statuses[number % 4]
        for number in range(1, int(st.query_params.get("leads", "50")) + 1)
    }
    state.version, state.loaded, state.events, state.runs = 0, {}, [], 0


def card(number: str, status: str) -> Card:
    worthless = int(number) % 10 == 2
    return Card(
        id=number,
        version=1,
        code=f"L-{int(number):06d}",
        title=HOSTILE if number == "4" else f"Lead {number}",
        product="Auto",
        premium="" if worthless else "$1,200",
        priority="High",
        stage_days="3 d",
        due="Today",
        owner="J. Chen",
        moves=FLOW[status],
    )


def column(status: str) -> Column:
    mine = [number for number, at in state.status_of.items() if at == status]
    loaded = state.loaded.get(status, PAGE)
    return Column(
        status,
        status.title(),
        count=str(len(mine)),
        tone=TONES[status],
        cards=tuple(card(number, status) for number in mine[:loaded]),
        left=max(0, len(mine) - loaded),
        asks=status == "lost",
    )


@st.fragment
def draw() -> None:
    event = board([column(status) for status in FLOW], key="leads", version=state.version)
    if event is not None:
        state.events.append(event)
    st.text(f"events={len(state.events)} runs={state.runs}")
    st.text(f"last={state.events[-1] if state.events else None}")
    if isinstance(event, Moved):
        worthless = int(event.card) % 10 == 2
        if not (event.to == "proposal" and worthless) and event.to != "lost":
            state.status_of[event.card] = event.to
        state.version += 1
        st.rerun(scope="fragment")
    if isinstance(event, More):
        state.loaded[event.column] = state.loaded.get(event.column, PAGE) + PAGE
        st.rerun(scope="fragment")


state.runs += 1
st.title("Board")
draw()
