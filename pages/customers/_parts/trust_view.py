"""Consents and the identity check of a customer, with the risk that decides about the next review."""

from __future__ import annotations

import streamlit as st

from core import customers, dossiers
from core.access import Permission, Viewer
from pages._ui import errors, filters, forms, guard, page, tables, terms, viewing
from pages._ui import format as fmt
from pages.customers._parts import state

_ANSWER = [filters.Option("yes", "Gives consent"), filters.Option("no", "Withdraws it")]
_COLUMNS = (
    tables.Column("channel", "Channel"),
    tables.Column("purpose", "Purpose"),
    tables.Column("answer", "Answer"),
    tables.Column("text_version", "Text"),
    tables.Column("at", "When", kind="datetime"),
    tables.Column("who", "Recorded by"),
    tables.Column("holds", "Holds", kind="bool"),
)


def show(customer: customers.CustomerDetail, viewer: Viewer) -> None:
    """The check with its moves, the scores with their reasons, and the consents."""
    page.section("Identity check (KYC)")
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        page.tag(customer.kyc_label, customer.kyc_tone)
        st.caption(f"since {fmt.day(viewing.local(customer.kyc_since, viewing.zone()).date())}")
        if customer.kyc_review_on:
            st.caption(f"next review {fmt.day(customer.kyc_review_on)}")
    _moves(customer, viewer)
    _risk(customer, viewer)
    with page.section("Consents"):
        if viewer.can(Permission.CUSTOMERS_EDIT) and st.button(
            "Record a consent", icon=":material/how_to_reg:"
        ):
            record(customer.id)
    rows = [
        {
            "channel": terms.label(one.channel),
            "purpose": terms.label(one.purpose),
            "answer": "Given" if one.is_granted else "Withdrawn",
            "text_version": one.text_version,
            "at": one.at,
            "who": one.who,
            "holds": one.holds and one.is_granted,
        }
        for one in customers.consents(customer.id, by=viewer)
    ]
    tables.show(
        rows, _COLUMNS, key="consents", zone=viewing.zone(), empty_sentence="No consent is recorded."
    )


def _moves(customer: customers.CustomerDetail, viewer: Viewer) -> None:
    if customer.archived_at is not None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        for move in dossiers.kyc_moves(customer.id, by=viewer):
            clicked = st.button(move.verb, key=f"kyc.{move.to}", disabled=bool(move.missing))
            if move.missing:
                st.caption(f":orange[:material/info:] {fmt.plain(' '.join(move.missing))}", width="content")
            if clicked:
                _move(customer, move, viewer)


def _move(customer: customers.CustomerDetail, move: customers.KycMove, viewer: Viewer) -> None:
    if move.to == "pending":
        with errors.told() as outcome:
            customers.start_kyc(customer.id, version=customer.version, by=viewer)
        state.done("The check has started", outcome)
    else:
        title = "Verify identity" if move.to == "verified" else "Reject identity"
        st.dialog(title)(_decide)(customer.id, customer.version, move)


def _decide(customer_id: int, version: int, move: customers.KycMove) -> None:
    """Verify or reject, with the note or reason."""
    viewer = guard.viewer(Permission.KYC_VERIFY)
    is_yes = move.to == "verified"
    form = forms.Form(f"kyc.{customer_id}.{version}.{move.to}")
    ask = "The risk is high. Write what the closer look showed." if is_yes else "Say why."
    with form.body():
        form.area(
            "reason",
            "Note of a closer look" if is_yes else "Reason",
            required=ask if move.needs_reason else "",
        )
        sent = form.submit("Verify" if is_yes else "Reject")
    if not sent:
        return
    reason = form.values["reason"]
    with form.sending() as outcome:
        if is_yes:
            dossiers.verify_kyc(customer_id, version=version, note=reason, by=viewer)
        else:
            customers.reject_kyc(customer_id, version=version, reason=reason, by=viewer)
    state.done("Identity verified" if is_yes else "Identity check rejected", outcome)


def _risk(customer: customers.CustomerDetail, viewer: Viewer) -> None:
    with page.section("Risk"):
        if viewer.can(Permission.CUSTOMERS_EDIT) and st.button("Score anew", icon=":material/refresh:"):
            with errors.told("flash") as outcome:
                dossiers.score_risk(customer.id, by=viewer)
            state.done("Risk scored", outcome)
    if customer.risk_score is None:
        st.caption("Not scored yet.")
        return
    st.markdown(f"**{customer.risk_score}** of 100, {fmt.plain(customer.risk_band)}")
    for score, label, points in customer.risk_reasons:
        told = "not known" if points is None else f"{points:+d}"
        kind = "money laundering" if score == "aml" else "risk"
        st.caption(fmt.plain(f"{told} · {label} ({kind})"))


@st.dialog("Consent")
def record(customer_id: int) -> None:
    """A consent or its withdrawal, as a new row."""
    viewer = guard.viewer(Permission.CUSTOMERS_EDIT)
    form = forms.Form(f"consent.{customer_id}", initial={"answer": "yes"})
    with form.body():
        form.choice("channel", "Channel", terms.options(customers.ConsentChannel), required=True)
        form.choice("purpose", "Purpose", terms.options(customers.ConsentPurpose), required=True)
        form.choice("answer", "Answer", _ANSWER, required=True)
        st.caption(f"Text version {customers.CONSENT_TEXT_VERSION}")
        sent = form.submit("Record")
    if sent:
        with form.sending() as outcome:
            customers.record_consent(
                customer_id,
                channel=form.values["channel"] or "",
                purpose=form.values["purpose"] or "",
                is_granted=form.values["answer"] == "yes",
                by=viewer,
            )
        state.done("Consent recorded", outcome)
