"""First notice of loss: the policy, what happened, and every rule that fires before it is sent."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Collection
from decimal import Decimal
from functools import partial

import streamlit as st

from core import claims, policies
from core.access import Permission, Viewer
from core.claims import LossType, NoticeOfLoss
from core.documents import Upload
from core.kit.errors import Invalid, NotFound
from core.policies import PolicyDetail, PolicyFilter
from pages._ui import errors, form_about, forms, guard, menu, new_customer, page, terms, viewing
from pages._ui import format as fmt
from pages.claims._parts import attached, flags

MANY = 8
FORM, TEXT, OTHER = "notice", "notice.text", "notice.other"


def main() -> None:
    """The whole page."""
    viewer = guard.viewer(Permission.CLAIMS_REPORT)
    place = page.head(
        "Report a claim", "Nothing is rejected here: claims staff look at whatever the check points out"
    )
    policy = _policy(viewer)
    if policy is None:
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        form, notice, uploads = _fields(policy, viewer)
    with right:
        page.section("Before it is sent")
        if notice is None:
            st.caption("Say when it happened and what it was; the rules of the policy are checked at once.")
        else:
            with errors.told():
                flags.of_notice(claims.check_notice(notice, by=viewer, today=viewing.today()))
    # Below both: on a phone the columns stand one under the other, and the check comes before the button.
    if form.button("Report claim", icon=":material/send:", is_main=True):
        _send(form, policy, uploads, viewer)
    form.offer_start_over(place, also=_any_policy)


def _policy(viewer: Viewer) -> PolicyDetail | None:
    """The policy that the address names, or one found by its number, its customer or the customer named.

    Where it names nobody, the notice that was begun last goes on.
    """
    number = st.query_params.get("policy", "")
    if not number and not st.query_params.get("customer"):
        number = form_about.subject(FORM, "")
        if number:
            st.query_params["policy"] = number
    if number:
        try:
            found = policies.policy(number, by=viewer)
        except NotFound as refusal:
            errors.show(refusal)
        else:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                told = f"{found.row.number} · {found.row.customer} · {found.row.product}"
                st.markdown(f":material/policy: **{fmt.plain(told)}**", width="content")
                page.tag(found.row.status_label, found.row.tone)
                other = st.popover(
                    "Another policy", icon=":material/search:", type="tertiary", key=OTHER,
                    on_change="rerun",
                )  # fmt: skip
            if other.open:
                with other, st.container(width=420):
                    _search(viewer, partial(_exchange, found.row.number))
            return found
    _search(viewer, _choose)
    return None


def _search(viewer: Viewer, choose: Callable[[str], None]) -> None:
    """The search for the policy, and what it found."""
    text = st.text_input(
        "Which policy?", key=TEXT, type="search", icon=":material/search:",
        placeholder="Number or name",
    ).strip()  # fmt: skip
    st.caption("Searches policy numbers, customers' names and customer codes.")
    of = None if text else _customer(viewer)
    if not text and of is None:
        return
    page_found = policies.policies(PolicyFilter(text=text, customer_id=of), by=viewer, limit=MANY)
    if not page_found.rows:
        told = f"matches “{textwrap.shorten(text, 60, placeholder='…')}”" if text else "is this customer's"
        st.caption(fmt.plain(f"No policy that you can see {told}."))
    for row in page_found.rows:
        told = f"{row.number} · {row.customer} · {row.product} · {row.status_label}"
        st.button(
            fmt.plain(told), key=f"notice.{row.id}", icon=":material/policy:", type="tertiary",
            on_click=choose, args=(row.number,),
        )  # fmt: skip
    if page_found.total > len(page_found.rows):
        st.caption(f"{fmt.number(page_found.total)} match: type more of the number or the name.")


def _customer(viewer: Viewer) -> int | None:
    """The customer that the address names; None where it names nobody."""
    asked = st.query_params.get("customer", "")
    try:
        return new_customer.named(asked, viewer) if asked else None
    except NotFound as refusal:
        errors.show(refusal)
        return None


def _choose(number: str) -> None:
    form_about.choose(FORM, number)
    st.query_params["policy"] = number


def _exchange(before: str, number: str) -> None:
    """What was typed stays; of a kind of loss that the other policy doesn't know, its field lets go."""
    form_about.exchange(FORM, before, number)
    st.query_params["policy"] = number
    st.session_state[OTHER], st.session_state[TEXT] = False, ""


def _any_policy() -> None:
    st.query_params.pop("policy", None)


def _fields(
    policy: PolicyDetail, viewer: Viewer
) -> tuple[forms.Form, NoticeOfLoss | None, tuple[Upload, ...]]:
    """The fields; the notice as far as it can be checked, and its documents."""
    name = form_about.named(FORM, form_about.subject(FORM, policy.row.number))
    form = forms.Form(name, initial={"loss_date": viewing.today()}, outlives_page=True)
    left, right = st.columns(2)
    with left:
        form.date("loss_date", "When did it happen?", required="Say when it happened.")
    with right:
        kinds = claims.losses(policy.row.id, by=viewer)
        form.choice(
            "loss_type", "What kind of loss?", terms.options(kinds), required="Choose the kind of loss."
        )
    form.area("description", "What happened?", required="Say what happened.")
    left, right = st.columns(2)
    with left:
        form.money(
            "estimated_amount",
            "Estimated amount",
            required="Enter an estimate; 0 when nothing is known.",
        )
    with right:
        form.text("loss_place", "Where?", max_chars=None)
    left, right = st.columns(2)
    with left:
        form.text("claimant_name", "Claimant, if not the policyholder", max_chars=None)
    with right:
        form.text("claimant_relation", "Related how?", max_chars=None)
    form.check("has_cash_receipts", "Receipts were paid in cash")
    uploads = attached.fields(form, form.values["loss_type"])
    notice: NoticeOfLoss | None = None
    with form.keeping():
        unread = form.unreadable("estimated_amount")
        if form.values["loss_date"] and form.values["loss_type"] and not unread:
            notice = _notice(form, policy)
        if bad := {**unread, **attached.problems(uploads)}:
            raise Invalid(bad)
    return form, notice, uploads


def _notice(form: forms.Form, policy: PolicyDetail, without: Collection[str] = ()) -> NoticeOfLoss:
    """The notice as typed; fields that are told about already hold something that passes."""
    passing = {"loss_date": viewing.today(), "loss_type": LossType.OTHER, "description": "-"}
    values = {**form.values, **{name: passing[name] for name in passing if name in without}}
    amount = None if "estimated_amount" in without else form.amount("estimated_amount")
    return NoticeOfLoss(
        policy_id=policy.row.id,
        loss_date=values["loss_date"],
        loss_type=LossType(values["loss_type"]),
        description=values["description"],
        estimated_amount=amount or Decimal(0),
        loss_place=values["loss_place"],
        claimant_name=values["claimant_name"],
        claimant_relation=values["claimant_relation"],
        has_cash_receipts=values["has_cash_receipts"],
    )


def _send(form: forms.Form, policy: PolicyDetail, uploads: tuple[Upload, ...], viewer: Viewer) -> None:
    with form.sending() as outcome:
        unfit = {**attached.gaps(uploads), **attached.problems(uploads)}
        unfit |= form.unreadable("estimated_amount") | form.too_long() | form.blank()
        if unfit:
            told = claims.notice_problems(_notice(form, policy, unfit), uploads, today=viewing.today())
            raise Invalid({**told, **unfit})
        made = claims.report(_notice(form, policy), uploads, request_id=form.request_id, by=viewer)
    if outcome.ok:
        errors.flash(f"Claim {fmt.plain(made.number)} reported", place=errors.HEAD)
        menu.go("claim", {"claim": made.number})


main()
