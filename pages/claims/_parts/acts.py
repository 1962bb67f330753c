"""What can be done on a claim: what each act asks for, and the call that does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

import streamlit as st

from core import claims
from core.access import Viewer
from core.claims import REJECTION_REASONS, ClaimDetail, Ruling
from pages._ui import format as fmt
from pages._ui import forms, viewing
from pages._ui.filters import Option
from pages.claims._parts import narrowing, papers

Draw = Callable[[forms.Form, ClaimDetail, Viewer], None]
# Does it on the version that the person has seen; the sentence that tells what came of it.
Do = Callable[[forms.Form, ClaimDetail, int, Viewer], str]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do on a claim: its button, its fields and its call."""

    verb: str
    icon: str
    draw: Draw
    do: Do
    is_main: bool = True
    # Tells what has to be there first; the fields are drawn once it says False.
    waits: Callable[[ClaimDetail], bool] = lambda _: False


def _told(detail: ClaimDetail, what: str) -> str:
    return f"{fmt.plain(detail.row.number)} {what}"


def _reason_fields(form: forms.Form, _detail: ClaimDetail, _viewer: Viewer) -> None:
    form.area("reason", "Why?", required=True, max_chars=1000)


def _reason(form: forms.Form) -> str:
    forms.require(form, {"reason": "Say why."})
    return str(form.values["reason"])


def _collect_fields(_form: forms.Form, detail: ClaimDetail, _viewer: Viewer) -> None:
    st.markdown(f"{fmt.plain(detail.row.customer)} is asked for what proves the loss.")


def _collect(_form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    claims.collect_documents(detail.row.id, version=version, by=viewer)
    return _told(detail, "collects documents")


def _investigate(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    claims.investigate(detail.row.id, reason=_reason(form), version=version, by=viewer)
    return _told(detail, "goes to investigation")


def _assess_fields(form: forms.Form, _detail: ClaimDetail, _viewer: Viewer) -> None:
    form.money("assessed_amount", "What is it worth in total?", required=True)
    form.area("note", "Note", max_chars=1000)


def _waits_for_proof(detail: ClaimDetail) -> bool:
    if all(one.is_proven for one in detail.proofs):
        return False
    st.warning("It can be assessed once its documents are verified.", icon=":material/inventory_2:")
    papers.asked(detail)
    return True


def _assess(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    forms.require(form, {"assessed_amount": "Enter the assessed amount."})
    claims.assess(
        detail.row.id,
        form.amount("assessed_amount") or Decimal(0),
        version=version,
        note=form.values["note"],
        by=viewer,
    )
    return _told(detail, "assessed")


def _approve_fields(_form: forms.Form, detail: ClaimDetail, _viewer: Viewer) -> None:
    total, limit = detail.assessed_amount or Decimal(0), detail.own_limit
    st.markdown(
        f"Assessed at **{fmt.plain(fmt.money(total))}** by {fmt.plain(fmt.text(detail.assessed_by))}. "
        f"Your limit in this line is **{fmt.plain(fmt.money(limit))}**."
    )
    if total > limit:
        st.info(
            "It is above your limit: it is passed on to whoever may decide it next.",
            icon=":material/forward_to_inbox:",
        )


def _approve(_form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    decision = claims.approve(detail.row.id, version=version, by=viewer)
    if decision.ruling is Ruling.APPROVED:
        return _told(detail, "approved")
    to = fmt.plain(decision.to)
    if decision.ruling is Ruling.FIRST_OF_TWO:
        return _told(detail, f"has its first approval; {to} gives the second")
    return _told(detail, f"is above your limit; passed on to {to}")


def _reject_fields(form: forms.Form, _detail: ClaimDetail, _viewer: Viewer) -> None:
    options = [Option(code, told) for code, told in REJECTION_REASONS.items()]
    form.choice("rejection_code", "Reason", options, required=True)
    form.area("letter_text", "Letter to the claimant", required=True)


def _reject(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    values = form.values
    claims.reject(
        detail.row.id,
        code=values["rejection_code"] or "",
        letter=values["letter_text"],
        version=version,
        by=viewer,
    )
    return _told(detail, "rejected")


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
    return _told(detail, "closed")


def _reopen_fields(form: forms.Form, _detail: ClaimDetail, _viewer: Viewer) -> None:
    form.area("new_evidence", "What new evidence is there?", required=True, max_chars=1000)


def _reopen(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    claims.reopen(detail.row.id, evidence=form.values["new_evidence"], version=version, by=viewer)
    return _told(detail, "reopened")


def _withdraw(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    claims.withdraw(detail.row.id, reason=_reason(form), version=version, by=viewer)
    return _told(detail, "withdrawn")


def _take_back_fields(form: forms.Form, detail: ClaimDetail, viewer: Viewer) -> None:
    st.markdown(
        f"The approval of **{fmt.plain(fmt.money(detail.row.approved_amount))}** is undone; the claim "
        "waits for its decision again. What was paid stays paid."
    )
    _reason_fields(form, detail, viewer)


def _take_back(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    claims.take_back(detail.row.id, reason=_reason(form), version=version, by=viewer)
    return _told(detail, "waits for its decision again")


def _pay_fields(form: forms.Form, detail: ClaimDetail, _viewer: Viewer) -> None:
    left = (detail.row.approved_amount or Decimal(0)) - detail.row.paid_amount
    st.markdown(f"**{fmt.plain(fmt.money(left))}** of the approved amount is left to pay.")
    form.money("amount", "Amount", required=True)
    form.text("payee", "Paid to", required=True, max_chars=100)
    form.text("payment_reference", "Payment reference", required=True, max_chars=60)
    form.date("paid_on", "Paid on", latest=viewing.today(), required=True)


def _pay(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    del version  # what was paid before counts under the lock, whatever was on the screen
    forms.require(form, {"amount": "Enter the amount.", "paid_on": "Enter when it was paid."})
    values = form.values
    claims.pay(
        detail.row.id,
        form.amount("amount") or Decimal(0),
        payee=values["payee"],
        payment_reference=values["payment_reference"],
        paid_on=values["paid_on"],
        request_id=form.request_id,
        by=viewer,
    )
    return _told(detail, "payment recorded")


def _reserve_fields(form: forms.Form, _detail: ClaimDetail, _viewer: Viewer) -> None:
    form.money("amount", "Outstanding reserve", required=True)
    form.area("reason", "Why?", required=True, max_chars=1000)


def _reserve(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    forms.require(form, {"amount": "Enter the reserve; 0 for none."})
    amount = form.amount("amount") or Decimal(0)
    claims.set_reserve(detail.row.id, amount, reason=form.values["reason"], version=version, by=viewer)
    return _told(detail, "reserve changed")


def _assign_fields(form: forms.Form, _detail: ClaimDetail, viewer: Viewer) -> None:
    form.choice("assigned_to", "Hand to", narrowing.handler_options(viewer), required=True)


def _assign(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    del version
    forms.require(form, {"assigned_to": "Choose who takes it."})
    claims.assign([detail.row.id], to=int(form.values["assigned_to"]), by=viewer)
    return _told(detail, "handed over")


def _note_fields(form: forms.Form, _detail: ClaimDetail, _viewer: Viewer) -> None:
    form.area("note", "Note", required=True)


def _note(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    del version
    claims.add_note(detail.row.id, form.values["note"], by=viewer)
    return "Note added"


def _task_fields(form: forms.Form, _detail: ClaimDetail, viewer: Viewer) -> None:
    form.text("title", "What is to be done?", required=True, max_chars=200)
    form.date("due_on", "By")
    form.choice("assigned_to", "Who", narrowing.handler_options(viewer))


def _task(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    del version
    values = form.values
    who = int(values["assigned_to"]) if values["assigned_to"] else None
    claims.add_task(detail.row.id, values["title"], due_on=values["due_on"], assigned_to=who, by=viewer)
    return "Task added"


def _anomaly_fields(form: forms.Form, _detail: ClaimDetail, _viewer: Viewer) -> None:
    form.area("explanation", "What is wrong with which document?", required=True, max_chars=1000)


def _anomaly(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    del version
    claims.mark_document_anomaly(detail.row.id, form.values["explanation"], by=viewer)
    return _told(detail, "marked; 20 fraud points")


# By the status that a move leads to; paying settles by itself, and an approval is taken back (below).
MOVES: MappingProxyType[str, Act] = MappingProxyType(
    {
        "documents": Act("Collect documents", ":material/inventory_2:", _collect_fields, _collect),
        "assessed": Act("Assess", ":material/calculate:", _assess_fields, _assess, waits=_waits_for_proof),
        "approved": Act("Approve", ":material/check_circle:", _approve_fields, _approve),
        "rejected": Act("Reject", ":material/block:", _reject_fields, _reject, is_main=False),
        "investigation": Act(
            "Investigate", ":material/search:", _reason_fields, _investigate, is_main=False
        ),
        "closed": Act("Close", ":material/lock:", _close_fields, _close),
        "reopened": Act("Reopen", ":material/lock_open:", _reopen_fields, _reopen, is_main=False),
        "withdrawn": Act("Withdraw", ":material/undo:", _reason_fields, _withdraw, is_main=False),
    }
)
TAKE_BACK = Act("Take back", ":material/undo:", _take_back_fields, _take_back, is_main=False)
PAY = Act("Pay", ":material/payments:", _pay_fields, _pay)
MORE: MappingProxyType[str, Act] = MappingProxyType(
    {
        "note": Act("Write a note", ":material/note_add:", _note_fields, _note),
        "task": Act("Add a task", ":material/add_task:", _task_fields, _task),
        "reserve": Act("Change the reserve", ":material/savings:", _reserve_fields, _reserve),
        "assign": Act("Hand over", ":material/person_pin_circle:", _assign_fields, _assign),
        "anomaly": Act(
            "Mark a document anomaly", ":material/report:", _anomaly_fields, _anomaly, is_main=False
        ),
    }
)
