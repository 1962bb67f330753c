"""The course of a claim: its documents, an investigation, closing, reopening, withdrawing."""

from __future__ import annotations

import streamlit as st

from core import claims
from core.access import Viewer
from core.claims import ClaimDetail
from pages._ui import format as fmt
from pages._ui import forms
from pages.claims._parts.acts.act import Act, reason, reason_fields, told


def _collect_fields(_form: forms.Form, detail: ClaimDetail, _viewer: Viewer) -> None:
    st.markdown(f"{fmt.plain(detail.row.customer)} is asked for what proves the loss.")


def _collect(_form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    claims.collect_documents(detail.row.id, version=version, by=viewer)
    return told(detail, "collects documents")


COLLECT = Act("Collect documents", ":material/inventory_2:", _collect_fields, _collect)


def _investigate(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    claims.investigate(detail.row.id, reason=reason(form), version=version, by=viewer)
    return told(detail, "goes to investigation")


INVESTIGATE = Act("Investigate", ":material/search:", reason_fields, _investigate, is_main=False)


def _close_fields(_form: forms.Form, detail: ClaimDetail, _viewer: Viewer) -> None:
    if detail.keeps_open:
        st.warning(
            "\n".join(f"- {fmt.plain(one)}" for one in detail.keeps_open),
            title="It can't be closed while there is", icon=":material/lock_open:",
        )  # fmt: skip
    else:
        st.markdown("No reserve, payment or task is open.")


def _close(_form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    claims.close(detail.row.id, version=version, by=viewer)
    return told(detail, "closed")


CLOSE = Act("Close", ":material/lock:", _close_fields, _close)


def _reopen_fields(form: forms.Form, _detail: ClaimDetail, _viewer: Viewer) -> None:
    form.area("new_evidence", "What new evidence is there?", required=True, max_chars=1000)


def _reopen(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    claims.reopen(detail.row.id, evidence=form.values["new_evidence"], version=version, by=viewer)
    return told(detail, "reopened")


REOPEN = Act("Reopen", ":material/lock_open:", _reopen_fields, _reopen, is_main=False)


def _withdraw(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    claims.withdraw(detail.row.id, reason=reason(form), version=version, by=viewer)
    return told(detail, "withdrawn")


WITHDRAW = Act("Withdraw", ":material/undo:", reason_fields, _withdraw, is_main=False)
