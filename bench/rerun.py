"""A rerun of our pages against a bare Streamlit page with the same elements.

    ./run bench rerun          (or: DATABASE_URL=... python -m bench.rerun [--rounds 20])

Signs the demo manager in through AppTest, runs each page, then writes a bare script that draws as
many elements of each kind with constants: no sign-in, no database, no rules. Both are rerun in turn,
in one process; printed are the medians in milliseconds and their ratio.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import text
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from core.access import sessions
from core.db import unit_of_work
from core.kit.dates import utc_now
from core.kit.settings import ROOT

PAGES = (
    ("Today", "manager", "pages/home/today.py", {}),
    ("Pipeline", "manager", "pages/sales/board.py", {}),
    ("KPIs", "executive", "pages/analytics/kpis.py", {}),
    ("Policies", "manager", "pages/policies/policies.py", {}),
    ("Claims", "manager", "pages/claims/queue.py", {}),
    ("Customer 360°", "admin", "pages/customers/customer.py", {"customer": "?"}),
)
# How an element of each kind is drawn bare; a kind that is not named is drawn as a line of text.
BARE = MappingProxyType(
    {
        "metric": "st.metric('Label', '1,234', '5 %')",
        "button": "st.button('Button', key='b{n}')",
        "selectbox": "st.selectbox('Choose', ['All', 'One', 'Two'], key='s{n}')",
        "multiselect": "st.multiselect('Choose', ['All', 'One', 'Two'], key='m{n}')",
        "text_input": "st.text_input('Text', key='t{n}')",
        "date_input": "st.date_input('Day', key='d{n}')",
        "checkbox": "st.checkbox('Check', key='c{n}')",
        "button_group": "st.segmented_control('Choose', ['One', 'Two'], key='g{n}')",
        "arrow_data_frame": "st.dataframe(FRAME, key='f{n}')",
        "plotly_chart": "st.plotly_chart(FIGURE, key='p{n}')",
        "download_button": "st.download_button('Save', 'x', key='o{n}')",
        "title": "st.title('Title')",
        "header": "st.header('Header')",
        "subheader": "st.subheader('Header')",
    }
)
HEAD = (
    "import pandas as pd, plotly.graph_objects as go, streamlit as st\n"
    "FRAME = pd.DataFrame({'name': ['a'] * 25, 'value': range(25)})\n"
    "FIGURE = go.Figure(go.Bar(x=list(range(12)), y=list(range(12))))\n"
)


def main() -> None:
    """Print one line a page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=20)
    chosen = parser.parse_args()
    held: dict[str, str] = {}
    ContextProxy.cookies = property(lambda _self: MappingProxyType(held))  # type: ignore[method-assign,assignment]
    print(f"{'page':<16}{'elements':>9}{'ours ms':>10}{'bare ms':>10}{'ratio':>8}")
    for name, username, file, query in PAGES:
        if (ROOT / file).exists():
            held[sessions.cookie_name()] = _token(username)
            print(_line(name, file, query, chosen.rounds), flush=True)


def _line(name: str, file: str, query: dict[str, str], rounds: int) -> str:
    ours = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    for key, value in query.items():
        ours.query_params[key] = _busiest_customer() if value == "?" else value
    ours.run()
    ours.switch_page(file).run()
    if ours.exception:
        raise SystemExit(f"{name} shows an error: {ours.exception[0].value}")
    kinds = Counter(element.type for element in _elements(ours))
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "bare.py"
        script.write_text(_bare(kinds))
        bare = AppTest.from_file(str(script), default_timeout=120).run()
        pairs = [(_timed(ours), _timed(bare)) for _ in range(rounds)]
    own, other = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    return f"{name:<16}{kinds.total():>9}{own:>10.1f}{other:>10.1f}{own / other:>8.2f}"


def _timed(app: AppTest) -> float:
    start = time.perf_counter()
    app.run()
    return time.perf_counter() - start


def _elements(app: AppTest) -> list[Any]:
    """Every element that is drawn, whatever it lies in."""
    found: list[Any] = []
    waiting = [app.main, app.sidebar]
    while waiting:
        node = waiting.pop()
        children = getattr(node, "children", None)
        if children:
            waiting.extend(children.values())
        elif getattr(node, "type", "") and not hasattr(node, "children"):
            found.append(node)
    return found


def _bare(kinds: Counter[str]) -> str:
    lines = [
        BARE.get(kind, "st.markdown('A line of text')").format(n=f"{kind}{n}")
        for kind, count in sorted(kinds.items())
        for n in range(count)
    ]
    return HEAD + "\n".join(lines) + "\n"


def _token(username: str) -> str:
    with unit_of_work() as session:
        user_id = session.scalar(text("select id from users where username = :name"), {"name": username})
    if user_id is None:
        raise SystemExit("This needs the demo people: run it on a database with demo data.")
    now = utc_now()
    return sessions.claim(sessions.begin(int(user_id), now=now), now=now)


def _busiest_customer() -> str:
    with unit_of_work() as session:
        return str(
            session.scalar(
                text(
                    "select c.customer_code from customers c join policies p on p.customer_id = c.id"
                    " group by c.id order by count(*) desc limit 1"
                )
            )
        )


if __name__ == "__main__":
    main()
