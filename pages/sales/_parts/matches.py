"""Records that may be of the same person as a new lead."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from urllib.parse import quote

import streamlit as st

from core import sales
from pages._ui import format as fmt

OPENS = MappingProxyType({"lead": "/pipeline?lead=", "customer": "/customer?customer="})


def show(matches: Sequence[sales.Match]) -> None:
    """Who may be the same person, with why; of others' records only whose they are.

    A code opens its record in another tab, so that what was typed stays.
    """
    told = [f"**{fmt.counted(len(matches), 'record looks', 'records look')} like this one**"]
    for one in matches:
        because = fmt.plain(", ".join(one.because))
        if one.is_visible:
            code = f"[{fmt.plain(one.code)}]({OPENS[one.kind]}{quote(one.code)})"
            name = f"{fmt.plain(one.title)} · {code} · {fmt.plain(one.status_label)}"
            told.append(f"- {name}: {because}. Owner {fmt.plain(fmt.text(one.owner))}.")
        else:
            told.append(f"- A {one.kind} of {fmt.plain(one.owner)}: {because}.")
    st.warning("\n".join([told[0], "", *told[1:]]), icon=":material/content_copy:")
