"""Every odd string as Markdown, escaped as the pages do it, for test_robustness.py: one share an address.

`?place=` says where the texts stand, `?of=` and `?part=` how many shares there are, and which this is.
"""

import streamlit as st

from core.kit.fields import plain_text
from pages._ui import format as fmt
from tests.browser.odd_texts import TEXTS

place = st.query_params.get("place", "body")
part, of = int(st.query_params.get("part", "0")), int(st.query_params.get("of", "1"))
for at, given in list(enumerate(TEXTS))[part::of]:
    typed = given
    if place not in {"body", "alert"}:  # names are of one line
        typed = plain_text(typed)
    plain = fmt.plain(typed)
    with st.container(key=f"text{at}"):
        if place == "body":
            st.markdown(plain)
        elif place == "bold":
            st.markdown(f":small[:gray[{plain}]]")
        elif place == "title":
            st.title(plain, anchor=False)
        elif place == "alert":
            st.error(" ", title=plain)
        elif place == "label":
            st.button(plain, key=f"button{at}")
        elif place == "box":
            st.checkbox(fmt.spoken(typed), key=f"box{at}")
