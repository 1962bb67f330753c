"""The money of a claim: paying what was approved, and the reserve."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import streamlit as st

from core import claims
from core.access import Viewer
from core.claims import ClaimDetail
from core.kit.errors import Invalid
from pages._ui import format as fmt
from pages._ui import forms, viewing
from pages.claims._parts.acts.act import Act, told


def _left(detail: ClaimDetail) -> Decimal:
    """What was approved and is not paid yet."""
    return (detail.row.approved_amount or Decimal(0)) - detail.row.paid_amount


def _payment(detail: ClaimDetail) -> dict[str, object]:
    who = detail.claimant_name or detail.row.customer
    return {"amount": _left(detail), "payee": who, "paid_on": viewing.today()}


def _pay_fields(form: forms.Form, detail: ClaimDetail, _viewer: Viewer) -> None:
    st.markdown(f"**{fmt.plain(fmt.money(_left(detail)))}** of the approved amount is left to pay.")
    form.money("amount", "Amount", required=True)
    form.text("payee", "Paid to", required="Say who is paid.", max_chars=None)
    form.text("payment_reference", "Payment reference", required=True, max_chars=None)
    form.date("paid_on", "Paid on", required="Enter when it was paid.")


def _pay(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    del version  # what was paid before counts under the lock, whatever was on the screen
    values = form.values
    with _beside_unread(form) as amount:
        claims.pay(
            detail.row.id,
            amount,
            payee=values["payee"],
            payment_reference=values["payment_reference"],
            paid_on=values["paid_on"],
            request_id=form.request_id,
            by=viewer,
        )
    return told(detail, "payment recorded")


@contextmanager
def _beside_unread(form: forms.Form) -> Iterator[Decimal | None]:
    """The amount, or None for the core to tell all else that is wrong beside what is no amount."""
    unread = form.unreadable("amount")
    try:
        yield None if unread else form.amount("amount")
    except Invalid as refused:
        raise Invalid({**refused.fields, **unread}) from refused


PAY = Act("Pay", ":material/payments:", _pay_fields, _pay, starts=_payment, core_asks=True)


def _reserved(detail: ClaimDetail) -> dict[str, object]:
    return {"amount": detail.row.reserve_amount}


def _reserve_fields(form: forms.Form, _detail: ClaimDetail, _viewer: Viewer) -> None:
    form.money("amount", "Outstanding reserve", required=True)
    form.area("reason", "Why?", required="Say why.", max_chars=1000)


def _reserve(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    with _beside_unread(form) as amount:
        claims.set_reserve(detail.row.id, amount, reason=form.values["reason"], version=version, by=viewer)
    return told(detail, "reserve changed")


RESERVE = Act(
    "Change the reserve", ":material/savings:", _reserve_fields, _reserve, starts=_reserved, core_asks=True
)
