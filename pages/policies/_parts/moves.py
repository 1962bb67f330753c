"""The moves of a policy: a button each as the lifecycle has them, a dialog where something is asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import MappingProxyType

import streamlit as st

from core import policies
from core.access import Permission, Viewer
from core.customers import KYC
from core.kit.lifecycle import Tone
from core.policies import APPLICATION_ENDS, POLICY_ENDS, EndReason, PolicyDetail, PolicyRef
from pages._ui import errors, forms, guard, terms, versions, viewing
from pages._ui import format as fmt
from pages.policies._parts import documents

ICONS = MappingProxyType(
    {
        "underwriting": ":material/plagiarism:",
        "issued": ":material/verified:",
        "matured": ":material/event_available:",
        "cancelled": ":material/cancel:",
        "declined": ":material/block:",
    }
)
VERBS = MappingProxyType(
    {
        "underwriting": "Send to underwriting",
        "issued": "Issue",
        "matured": "Mature",
        "declined": "Decline",
    }
)
DONE = MappingProxyType(
    {
        "underwriting": "sent to underwriting",
        "issued": "issued",
        "matured": "matured",
        "cancelled": "cancelled",
        "declined": "declined",
    }
)
# What comes of cancelling, by what is cancelled.
_FOLLOWS = MappingProxyType(
    {
        "application": "No cover comes of it, and it can't be taken up again: a new one has to be entered.",
        "policy": "It ends with its riders and can't be taken up again. Earlier losses can be reported.",
    }
)
ENDING = frozenset({"cancelled", "declined"})


def buttons(detail: PolicyDetail) -> None:
    """A button for every move that the viewer's role may make; closed where it is not for them."""
    hindered = {move.to: bool(move.missing) for move in detail.moves}
    if detail.can_decline:
        hindered["declined"] = False
    for name, is_closed in hindered.items():
        clicked = st.button(
            _verb(detail, name), key=f"move.{name}", icon=ICONS.get(name), disabled=is_closed,
            type="secondary" if name in ENDING else "primary",
        )  # fmt: skip
        if clicked:
            start(detail, name)


def hindrances(detail: PolicyDetail) -> None:
    """Why a move is not for this viewer."""
    for told in [need.ask for move in detail.moves for need in move.missing]:
        st.caption(f":orange[:material/info:] {fmt.plain(told)}", width="content")


def _verb(detail: PolicyDetail, move: str) -> str:
    """What the button says: a bare "Cancel" would be taken for one that closes its dialog."""
    if move == "cancelled":
        return f"Cancel {_noun(detail)}"
    return VERBS[move]


def _noun(detail: PolicyDetail) -> str:
    return "application" if detail.row.issue_date is None else "policy"


def start(detail: PolicyDetail, move: str) -> None:
    """Open the dialog of a move, empty."""
    name = f"{detail.row.number}.{move}"
    forms.renew(name)
    verb = _verb(detail, move)
    title = f"{verb} {fmt.plain(detail.row.number)}"
    st.dialog(title, width="medium", icon=ICONS.get(move))(_dialog)(detail, move, name)


def _dialog(detail: PolicyDetail, move: str, name: str) -> None:
    viewer = guard.viewer(Permission.POLICIES_VIEW)
    form = forms.Form(name, initial={"end_date": _ends(detail), "effective_date": _begins(detail)})
    with form.body():
        FIELDS.get(move, _nothing)(form, detail)
        if move == "issued":
            _tell_identity(detail)
            documents.before_issue(detail, viewer)
        sent = form.submit(_verb(detail, move), icon=ICONS.get(move), core_asks=move == "cancelled")
    if not sent:
        return
    version = versions.of(form, detail.row.version)
    with form.sending() as outcome:
        ACTIONS[move](form, detail, version, viewer)
    versions.follow(form, outcome, partial(_version, detail, viewer))
    if outcome.ok:
        errors.flash(f"{fmt.plain(detail.row.number)}: {DONE[move]}")
        st.rerun()


def _tell_identity(detail: PolicyDetail) -> None:
    """For whoever issues: whether the customer is who they claim to be; the decision is theirs."""
    check = KYC[detail.identity]
    if check.tone is Tone.GOOD:
        st.markdown(f":green[:material/verified_user:] Identity: **{fmt.plain(check.label)}**")
        return
    told = f"The customer's identity is not verified. The check: {check.label}."
    st.warning(fmt.plain(told), icon=":material/person_alert:")


def _version(detail: PolicyDetail, viewer: Viewer) -> int:
    return policies.policy(detail.row.id, by=viewer).row.version


def _begins(detail: PolicyDetail) -> object:
    wanted = detail.row.effective_date
    return max(wanted, viewing.today()) if wanted else viewing.today()


def _ends(detail: PolicyDetail) -> object:
    """Today, if cover runs then."""
    if detail.row.issue_date is None:
        return viewing.today()
    last = [day for day in (viewing.today(), detail.row.expiry_date, detail.end_date) if day]
    return max(min(last), detail.row.effective_date or min(last))


def _nothing(_: forms.Form, detail: PolicyDetail) -> None:
    st.markdown(f"{fmt.plain(detail.row.product)} for {fmt.plain(detail.row.customer)}.")


def _issue_fields(form: forms.Form, detail: PolicyDetail) -> None:
    _nothing(form, detail)
    form.date("effective_date", "Cover begins", required="Enter when cover begins.")


def _cancel_fields(form: forms.Form, detail: PolicyDetail) -> None:
    is_application = detail.row.issue_date is None
    st.warning(_FOLLOWS[_noun(detail)], icon=":material/warning:")
    reasons = APPLICATION_ENDS if is_application else POLICY_ENDS
    form.choice("end_reason", "Why does it end?", terms.options(reasons), required="Choose why cover ends.")
    form.date("end_date", "First day without cover", required="Enter when cover ends.")
    form.area("reason", "In a sentence", required="Say why.", max_chars=1000)


def _decline_fields(form: forms.Form, detail: PolicyDetail) -> None:
    _nothing(form, detail)
    form.area("reason", "Why?", required="Say why.", max_chars=1000)


def _underwrite(_: forms.Form, detail: PolicyDetail, version: int, viewer: Viewer) -> PolicyRef:
    return policies.send_to_underwriting(detail.row.id, version=version, by=viewer)


def _issue(form: forms.Form, detail: PolicyDetail, version: int, viewer: Viewer) -> PolicyRef:
    begins = form.values["effective_date"]
    return policies.issue(detail.row.id, version=version, effective_date=begins, by=viewer)


def _mature(_: forms.Form, detail: PolicyDetail, version: int, viewer: Viewer) -> PolicyRef:
    return policies.mature(detail.row.id, version=version, by=viewer)


def _cancel(form: forms.Form, detail: PolicyDetail, version: int, viewer: Viewer) -> PolicyRef:
    values = form.values
    return policies.cancel(
        detail.row.id,
        version=version,
        end_reason=EndReason(values["end_reason"]) if values["end_reason"] else None,
        end_date=values["end_date"],
        reason=values["reason"],
        by=viewer,
    )


def _decline(form: forms.Form, detail: PolicyDetail, version: int, viewer: Viewer) -> PolicyRef:
    return policies.decline(detail.row.id, version=version, reason=form.values["reason"], by=viewer)


FIELDS: MappingProxyType[str, Callable[[forms.Form, PolicyDetail], None]] = MappingProxyType(
    {"issued": _issue_fields, "cancelled": _cancel_fields, "declined": _decline_fields}
)
ACTIONS: MappingProxyType[str, Callable[[forms.Form, PolicyDetail, int, Viewer], PolicyRef]] = (
    MappingProxyType(
        {
            "underwriting": _underwrite,
            "issued": _issue,
            "matured": _mature,
            "cancelled": _cancel,
            "declined": _decline,
        }
    )
)
