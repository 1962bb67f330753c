"""What a claim is worth and whether it is paid: assessing, approving, rejecting, taking back."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from core import claims
from core.access import Viewer
from core.claims import REJECTION_REASONS, ClaimDetail, Ruling
from pages._ui import format as fmt
from pages._ui import forms, viewing
from pages._ui.filters import Option
from pages.claims._parts import flags, history, papers
from pages.claims._parts.acts.act import Act, reason, reason_fields, told


def _estimate(detail: ClaimDetail) -> dict[str, object]:
    return {"assessed_amount": detail.assessed_amount or detail.row.estimated_amount}


def _assess_fields(form: forms.Form, _detail: ClaimDetail, _viewer: Viewer) -> None:
    form.money("assessed_amount", "What is it worth in total?", required="Enter the assessed amount.")
    form.area("note", "Note", max_chars=1000)


def _waits_for_proof(detail: ClaimDetail) -> bool:
    if all(one.is_proven for one in detail.proofs):
        return False
    st.warning("It can be assessed once its documents are verified.", icon=":material/inventory_2:")
    papers.asked(detail)
    return True


def _assess(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    claims.assess(
        detail.row.id,
        form.amount("assessed_amount") or Decimal(0),
        version=version,
        note=form.values["note"],
        by=viewer,
    )
    now = claims.claim(detail.row.id, by=viewer, today=viewing.today()).row
    if now.status == "investigation":
        return told(detail, f"assessed; {now.fraud_points} fraud points send it to investigation")
    return told(detail, "assessed")


ASSESS = Act(
    "Assess", ":material/calculate:", _assess_fields, _assess, waits=_waits_for_proof, starts=_estimate
)


def _says(detail: ClaimDetail) -> str:
    """What a click on the way to an approval does, by the core's own ruling."""
    approval = detail.approval
    if approval is None or approval.ruling is None:
        return ""
    if approval.ruling is Ruling.PASSED_ON:
        return f"Pass on to {fmt.plain(approval.to)}"
    if approval.ruling is Ruling.FIRST_OF_TWO:
        return "Give the first approval"
    return "Approve finally" if approval.is_second else ""


def _approve_fields(_form: forms.Form, detail: ClaimDetail, _viewer: Viewer) -> None:
    total = fmt.plain(fmt.money(detail.assessed_amount))
    limit = fmt.plain(fmt.money(detail.own_limit))
    st.markdown(f"Assessed at **{total}** by {fmt.plain(fmt.text(detail.assessed_by))}.")
    approval = detail.approval
    if approval is None:  # it is not offered then
        return
    flags.in_short(detail)
    history.decisions(detail)
    to = fmt.plain(approval.to)
    whose = "the limit that counts for you" if approval.raised else "the highest limit in this line"
    if approval.raised:
        st.warning(fmt.plain(approval.raised), icon=":material/group:")
    if approval.ruling is Ruling.PASSED_ON:
        st.info(
            f"It is above your limit in this line, **{limit}**: {to} gets it and decides next. "
            "Nothing is approved yet.",
            icon=":material/forward_to_inbox:",
        )
    elif approval.ruling is Ruling.FIRST_OF_TWO:
        st.info(
            f"It is above {whose}, **{limit}**, so two people approve it. "
            f"Yours counts as the first of two approvals; {to} decides next.",
            icon=":material/looks_one:",
        )
    elif approval.is_second:
        first = fmt.plain(fmt.text(detail.first_approved_by))
        st.info(
            f"The first approval is by {first}. Yours is the second: it approves **{total}** finally.",
            icon=":material/looks_two:",
        )
    else:
        st.markdown(f"Your limit in this line is **{limit}**: it approves **{total}** finally.")


def _approve(_form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    decision = claims.approve(detail.row.id, version=version, by=viewer)
    if decision.ruling is Ruling.APPROVED:
        return told(detail, "approved")
    to = fmt.plain(decision.to)
    if decision.ruling is Ruling.FIRST_OF_TWO:
        return told(detail, f"has its first approval; {to} decides next")
    return told(detail, f"is above your limit; passed on to {to}")


APPROVE = Act("Approve", ":material/check_circle:", _approve_fields, _approve, says=_says)


def _reason_and_letter(form: forms.Form, detail: ClaimDetail, viewer: Viewer) -> None:
    """The reason, what speaks against it, and the letter that follows from it."""
    options = [Option(code, told) for code, told in REJECTION_REASONS.items()]
    code = form.choice("rejection_code", "Reason", options, required="Choose the reason of the rejection.")
    if code is None:
        st.caption("The letter is written from the reason, to be changed where it has to.")
        return
    fired = {one.code for one in detail.flags} | ({"DUPLICATE"} if detail.duplicates else set())
    if doubt := claims.contradiction(code, fired):
        st.warning(f"{doubt} Go on only if you know better, and say so in the letter.")
    form.suggest("letter_text", _letter(detail, code, viewer), required=True)
    form.area("letter_text", "Letter to the claimant", required=True, lines=12)


def _letter(detail: ClaimDetail, code: str, viewer: Viewer) -> str:
    """All that a claimant has to know: which claim, why it is not paid, and how to object to that."""
    row, why = detail.row, REJECTION_REASONS[code]
    return (
        f"Dear {detail.claimant_name or row.customer},\n\n"
        f"we have looked into claim {row.number} on policy {row.policy_number}, for the loss of "
        f"{fmt.day(row.loss_date)}. We can't pay it, because {why[0].lower()}{why[1:]}.\n\n"
        f"If you don't agree, you can object in writing. Please name claim {row.number}, say why, and add "
        "any proof that we have not seen yet; we will then look into it again.\n\n"
        f"Sincerely,\n{viewer.name}\nClaims department"
    )


def _no_fields(*_: object) -> None:
    """All of them come before the form: what is typed there is known to the next choice."""


def _reject(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    values = form.values
    claims.reject(
        detail.row.id,
        code=values["rejection_code"],
        letter=values["letter_text"],
        version=version,
        by=viewer,
    )
    return told(detail, "rejected; its letter is on the page")


REJECT = Act("Reject", ":material/block:", _no_fields, _reject, is_main=False, first=_reason_and_letter)


def _take_back_fields(form: forms.Form, detail: ClaimDetail, viewer: Viewer) -> None:
    st.markdown(
        f"The approval of **{fmt.plain(fmt.money(detail.row.approved_amount))}** is undone; the claim "
        "waits for its decision again. What was paid stays paid."
    )
    reason_fields(form, detail, viewer)


def _take_back(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    claims.take_back(detail.row.id, reason=reason(form), version=version, by=viewer)
    return told(detail, "waits for its decision again")


TAKE_BACK = Act("Take back", ":material/undo:", _take_back_fields, _take_back, is_main=False)
