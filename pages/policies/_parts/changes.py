"""Dated changes of a policy's terms: payment, beneficiaries and riders, each in a dialog."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from types import MappingProxyType

import streamlit as st

from core import catalog, policies
from core.access import Permission, Viewer
from core.catalog import RiderBasis, RiderChoice, RiderType
from core.kit.errors import Invalid
from core.policies import (
    BeneficiaryClass,
    PaymentFrequency,
    PaymentMethod,
    PolicyDetail,
    RiderRow,
    Share,
)
from pages._ui import errors, forms, guard, terms, versions, viewing
from pages._ui import format as fmt
from pages._ui.filters import Option
from pages.policies._parts import shares

TITLES = MappingProxyType(
    {"payment": "How it is paid", "beneficiaries": "Beneficiaries", "rider": "Add a rider"}
)
Subject = RiderRow | None


def menu(detail: PolicyDetail) -> None:
    """The button that opens one of the changes."""
    chosen = st.menu_button(
        "Change", list(TITLES), format_func=TITLES.__getitem__, key="change", icon=":material/edit:"
    )
    if chosen:
        start(detail, chosen)


def start(detail: PolicyDetail, kind: str, subject: Subject = None) -> None:
    """Open the dialog of a change, as the policy is now."""
    name = f"{detail.row.number}.{kind}.{subject.id if subject else 0}"
    forms.renew(name)
    versions.forget(name)
    shares.forget(name)
    title = TITLES.get(kind) or f"End {fmt.plain(subject.name if subject else '')}"
    st.dialog(title, width="large" if kind == "beneficiaries" else "medium", icon=":material/edit:")(
        DIALOGS[kind]
    )(detail, name, subject)


def _send(
    form: forms.Form, detail: PolicyDetail, viewer: Viewer, act: Callable[[int], object], told: str
) -> errors.Outcome:
    version = versions.of(form, detail.row.version)
    with form.sending() as outcome:
        forms.require(form, {"effective_date": "Enter from when on."})
        act(version)
    versions.follow(form, outcome, partial(_version, detail, viewer))
    if outcome.ok:
        errors.flash(f"{fmt.plain(detail.row.number)}: {told}")
        st.rerun()
    return outcome


def _version(detail: PolicyDetail, viewer: Viewer) -> int:
    return policies.policy(detail.row.id, by=viewer).row.version


def _payment(detail: PolicyDetail, name: str, _: Subject) -> None:
    viewer = guard.viewer(Permission.POLICIES_ENTER)
    start_values = {
        "frequency": detail.row.frequency,
        "method": detail.payment_method,
        "effective_date": viewing.today(),
    }
    form = forms.Form(name, initial=start_values)
    with form.body():
        form.choice("frequency", "How often", terms.options(PaymentFrequency), required=True)
        form.choice("method", "By", terms.options(PaymentMethod), required=True)
        form.date("effective_date", "From", required=True)
        sent = form.submit("Change", icon=":material/save:")
    if sent:
        values = form.values
        _send(
            form, detail, viewer, told="payment changed",
            act=lambda version: policies.change_payment(
                detail.row.id, frequency=PaymentFrequency(values["frequency"]),
                method=PaymentMethod(values["method"]), effective_date=values["effective_date"],
                version=version, by=viewer,
            ),
        )  # fmt: skip


def _beneficiaries(detail: PolicyDetail, name: str, _: Subject) -> None:
    viewer = guard.viewer(Permission.POLICIES_ENTER)
    form = forms.Form(name, initial={"effective_date": viewing.today()})
    problems: dict[str, str] = st.session_state.get(f"{name}.problems", {})
    found = shares.editor(name, _now(detail), lambda _: problems)
    form.date("effective_date", "From", required=True)
    if not st.button("Change", type="primary", icon=":material/save:", key=f"{name}.send"):
        return
    outcome = _send(
        form, detail, viewer, told="beneficiaries changed",
        act=lambda version: policies.change_beneficiaries(
            detail.row.id, found, effective_date=form.values["effective_date"], version=version,
            by=viewer,
        ),
    )  # fmt: skip
    if isinstance(outcome.refusal, Invalid):
        st.session_state[f"{name}.problems"] = outcome.refusal.fields
        st.rerun(scope="fragment")
    if outcome.refusal is not None:
        errors.show(outcome.refusal)


def _now(detail: PolicyDetail) -> tuple[Share, ...]:
    return tuple(
        Share(
            BeneficiaryClass(one.beneficiary_class),
            one.name,
            one.relation,
            one.share_pct,
            one.date_of_birth,
        )
        for one in detail.beneficiaries
        if one.valid_to is None
    )


def _rider(detail: PolicyDetail, name: str, _: Subject) -> None:
    viewer = guard.viewer(Permission.POLICIES_ENTER)
    has = {one.rider_type for one in detail.riders if one.is_active}
    with errors.told() as outcome:
        table = catalog.rate_table(detail.product_id, viewing.today(), by=viewer)
    if not outcome.ok:
        return
    offered = [one for one in table.riders if one.rider_type.value not in has]
    if not offered:
        st.info("There is no further rider for this product.", icon=":material/info:")
        return
    form = forms.Form(name, initial={"effective_date": viewing.today(), "sum": detail.row.sum_assured})
    with form.body():
        options = [Option(one.rider_type.value, f"{one.name} · {rate(one)}") for one in offered]
        form.choice("rider_type", "Rider", options, required=True)
        form.money("sum", "Sum of the rider", help="Counts for riders that are priced by their own sum.")
        form.date("effective_date", "From", required=True)
        sent = form.submit("Add", icon=":material/add:")
    if sent:
        _send(
            form, detail, viewer, told="rider added",
            act=lambda version: policies.add_rider(
                detail.row.id, _choice(form), effective_date=form.values["effective_date"],
                version=version, by=viewer,
            ),
        )  # fmt: skip


def rate(one: catalog.RiderTerms) -> str:
    """What a rider costs, in words."""
    if one.basis is RiderBasis.PER_MILLE:
        return f"{_per_mille(one.rate)} a year per $1,000"
    return f"{one.rate.normalize():f} % of the base premium"


def _per_mille(amount: Decimal) -> str:
    """A rate with its cents, and with more digits where it has them."""
    whole, _, cents = f"{amount.normalize():f}".partition(".")
    return f"${whole}.{cents:0<2}"


def _choice(form: forms.Form) -> RiderChoice:
    forms.require(form, {"rider_type": "Choose the rider."})
    return RiderChoice(RiderType(form.values["rider_type"]), form.amount("sum") or Decimal(0))


def _end_rider(detail: PolicyDetail, name: str, subject: Subject) -> None:
    viewer = guard.viewer(Permission.POLICIES_ENTER)
    form = forms.Form(name, initial={"effective_date": viewing.today()})
    with form.body():
        form.date("effective_date", "First day without it", required=True)
        sent = form.submit("End the rider", icon=":material/remove_circle:")
    if sent and subject is not None:
        _send(
            form, detail, viewer, told="rider ended",
            act=lambda version: policies.end_rider(
                detail.row.id, subject.id, effective_date=form.values["effective_date"],
                version=version, by=viewer,
            ),
        )  # fmt: skip


DIALOGS: MappingProxyType[str, Callable[[PolicyDetail, str, Subject], None]] = MappingProxyType(
    {"payment": _payment, "beneficiaries": _beneficiaries, "rider": _rider, "end_rider": _end_rider}
)
