"""The course of a claim: its documents, an investigation, closing, reopening, withdrawing."""

from __future__ import annotations

import streamlit as st

from core import claims
from core.access import Viewer
from core.claims import ClaimDetail
from pages._ui import format as fmt
from pages._ui import forms, terms
from pages.claims._parts.acts.act import Act, reason, reason_fields, told


def _collect_fields(_form: forms.Form, detail: ClaimDetail, _viewer: Viewer) -> None:
    if _is_proven(detail):
        st.markdown("All that the loss asks for is there and verified: it can be assessed next.")
        return
    missing = [terms.label(one.kind).lower() for one in detail.proofs if one.found is None]
    if missing:
        who = fmt.plain(detail.row.customer)
        st.markdown(f"Ask {who} for what is missing: **{fmt.plain(', '.join(missing))}**.")
    else:
        st.markdown("All that the loss asks for is there; somebody has to verify it.")


def _is_proven(detail: ClaimDetail) -> bool:
    return all(one.is_proven for one in detail.proofs)


def _says(detail: ClaimDetail) -> str:
    return "Go on to assessing" if _is_proven(detail) else ""


def _collect(_form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    claims.collect_documents(detail.row.id, version=version, by=viewer)
    return told(detail, "can be assessed" if _is_proven(detail) else "collects documents")


COLLECT = Act("Collect documents", ":material/inventory_2:", _collect_fields, _collect, says=_says)


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


CLOSE = Act("Close claim", ":material/lock:", _close_fields, _close)


def _reopen_fields(form: forms.Form, _detail: ClaimDetail, _viewer: Viewer) -> None:
    form.area("new_evidence", "What new evidence is there?", required="Say what is new.", max_chars=1000)


def _reopen(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    claims.reopen(detail.row.id, evidence=form.values["new_evidence"], version=version, by=viewer)
    return told(detail, "reopened")


REOPEN = Act("Reopen", ":material/lock_open:", _reopen_fields, _reopen, is_main=False)


def _withdraw(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    claims.withdraw(detail.row.id, reason=reason(form), version=version, by=viewer)
    return told(detail, "withdrawn")


WITHDRAW = Act("Withdraw", ":material/undo:", reason_fields, _withdraw, is_main=False)
