"""What a claim is, to read: the loss, the money, its decision and tasks."""

from __future__ import annotations

import streamlit as st

from core import claims
from core.access import Permission, Viewer
from core.claims import CLAIM, REJECTION_REASONS, ClaimDetail
from pages._ui import errors, menu, page, terms
from pages._ui import format as fmt
from pages.claims._parts import dialogs


def loss(detail: ClaimDetail) -> None:
    """What happened, to whom, under which policy."""
    row = detail.row
    claimant, related = detail.claimant_name, detail.claimant_relation
    page.facts(
        {
            "Kind of loss": terms.label(row.loss_type),
            "On": fmt.day(row.loss_date),
            "Where": detail.loss_place,
            "Reported": fmt.day(row.reported_date),
            "Claimant": f"{claimant} ({related})" if claimant and related else claimant or row.customer,
            "Line": terms.label(row.line),
            "Assigned to": row.assignee or "Nobody yet",
            "Assessed by": detail.assessed_by,
        }
    )
    st.page_link(
        menu.page_for("policy"), label=f"Policy {fmt.plain(row.policy_number)} · {fmt.plain(row.product)}",
        icon=":material/policy:", query_params={"policy": row.policy_number},
    )  # fmt: skip
    if detail.description:
        st.caption("Description")
        st.text(detail.description)


def money(detail: ClaimDetail) -> None:
    """Estimate to payment; incurred is paid and outstanding at every moment (D21)."""
    row = detail.row
    page.facts(
        {
            "Estimated": fmt.money(row.estimated_amount),
            "Assessed": fmt.money(detail.assessed_amount),
            "Approved": fmt.money(row.approved_amount),
            "Paid": fmt.money(row.paid_amount),
            "Reserve": fmt.money(row.reserve_amount),
            "Incurred": fmt.money(row.incurred),
        }
    )
    for one in detail.payments:
        told = f"{fmt.day(one.paid_on)} to {fmt.text(one.payee)} · {one.reference} · by {one.paid_by}"
        st.markdown(
            f":material/payments: **{fmt.plain(fmt.money(one.amount))}** :small[:gray[{fmt.plain(told)}]]"
        )


def decision(detail: ClaimDetail, viewer: Viewer) -> None:
    """Who has to decide, what was decided, and what keeps it open."""
    row = detail.row
    if row.status == "assessed":
        if detail.first_approved_by:
            st.info(
                f"First approval by {fmt.plain(detail.first_approved_by)}; a second person decides.",
                icon=":material/approval:",
            )
        if detail.passed_to:
            st.info(
                f"Passed on to {fmt.plain(detail.passed_to)} for approval.",
                icon=":material/forward_to_inbox:",
            )
        if detail.approval is not None and detail.approval.hindered:
            st.caption(fmt.plain(f"You can't approve it. {detail.approval.hindered}"))
    elif detail.hand_in and "waiting" in CLAIM[row.status].flags:
        st.caption(f"You {detail.hand_in}: only a colleague can reject it.")
    if detail.rejection_code:
        _rejection(detail, viewer)
    if row.status in {"settled", "rejected"} and detail.keeps_open:
        st.warning(f"Still open: {fmt.plain(', '.join(detail.keeps_open))}", icon=":material/lock_open:")


def _rejection(detail: ClaimDetail, viewer: Viewer) -> None:
    """Why it was rejected, and the letter to read or to take along."""
    why = REJECTION_REASONS.get(detail.rejection_code, detail.rejection_code)
    st.error(fmt.plain(why), title="Rejected", icon=":material/block:")
    if not detail.rejection_letter:
        return
    with st.container(border=True):
        st.text(detail.rejection_letter)
    if viewer.can(Permission.CLAIMS_HANDLE):
        st.download_button(
            "Download the letter", detail.rejection_letter, f"{detail.row.number}-letter.txt", "text/plain",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip


def tasks(detail: ClaimDetail, viewer: Viewer) -> None:
    """What is to be done; ticking one off is at once."""
    on = dialogs.handing_on(detail, viewer)
    for task in detail.tasks:
        due = f" by {fmt.day(task.due_on)}" if task.due_on else ""
        told = fmt.plain(f"{task.title}{due}") + (
            f" :small[:gray[{fmt.plain(task.assignee)}]]" if task.assignee else ""
        )
        if task.is_done or not viewer.can(Permission.CLAIMS_HANDLE):
            st.markdown(f":material/{'check_box' if task.is_done else 'check_box_outline_blank'}: {told}")
            continue
        with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
            # Not in a callback, which the next tick can cut short: this one would stay ticked and not done.
            if st.checkbox(told, key=f"task.{task.id}", width="stretch", wrap=True):
                _finish(detail.row.id, task.id, viewer)
            name = f"task.{task.id}"
            act = on.get(name)
            if act and st.button(act.verb, key=f"{name}.on", icon=act.icon, type="tertiary"):
                dialogs.start(detail, name, act)
    if not detail.tasks:
        st.caption("No tasks")


def _finish(claim_id: int, task_id: int, viewer: Viewer) -> None:
    with errors.told() as outcome:
        claims.finish_task(claim_id, task_id, by=viewer)
    if outcome.ok:
        st.rerun()
