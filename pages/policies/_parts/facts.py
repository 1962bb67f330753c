"""What a policy is, to read: terms, cover, people and claims."""

from __future__ import annotations

import streamlit as st

from core import claims
from core.access import Permission, Viewer
from core.claims import CLAIM, ClaimFilter
from core.policies import YEARLY, PolicyDetail, RiderRow
from pages._ui import format as fmt
from pages._ui import menu, page, tables, terms, viewing
from pages.policies._parts import changes, history, premium

MANY_CLAIMS = 50


def terms_of(detail: PolicyDetail) -> None:
    """The terms of the policy."""
    row = detail.row
    told = {
        "Product": row.product,
        "Sum assured": fmt.money(row.sum_assured),
        "Premium a year": fmt.money(row.annual_premium),
        "Paid": premium.paid(row.frequency, detail.payment_method),
        "Applied on": fmt.day(row.application_date),
        "Issued on": fmt.day(row.issue_date),
        **_span(detail),
        "Term": _term(detail),
        "Agent": row.agent,
        "Territory": row.territory,
    }
    why = terms.label(detail.end_reason) if detail.end_reason else ""
    if why not in {"", row.status_label}:
        told["Ended because"] = why
    page.facts(told)
    for one in detail.changes:
        if one.is_planned:
            st.caption(
                f":material/schedule: {fmt.plain(terms.label(one.kind))}: {fmt.plain(history.change(one))}"
            )
    if detail.notes:
        st.caption("Notes")
        st.text(detail.notes)


def _span(detail: PolicyDetail) -> dict[str, str]:
    """When cover begins and ends; where it never began, when that was decided."""
    row = detail.row
    if detail.end_date is not None and row.issue_date is None:
        return {f"{row.status_label} on": fmt.day(detail.end_date)}
    begins = {"Cover begins": fmt.day(row.effective_date)}
    if row.cover_ends is None and row.is_for_life:
        return begins
    return {**begins, "Cover ends": fmt.day(row.cover_ends)}


def _term(detail: PolicyDetail) -> str:
    """How long cover was agreed for; where it ended otherwise, also until when that would have been."""
    row = detail.row
    runs = premium.term(detail.term_years, is_for_life=row.is_for_life) or premium.span(
        row.effective_date, row.term_ends, is_yearly=row.category in YEARLY
    )
    if row.term_ends is None or row.term_ends == row.cover_ends:
        return runs
    return f"{runs}, to {fmt.day(row.term_ends)}" if runs else f"to {fmt.day(row.term_ends)}"


def reinstatement(detail: PolicyDetail) -> None:
    """Until when a lapsed policy can come back, and what has to happen first; nothing for any other."""
    last = detail.reinstatable_until
    if last is None:
        return
    if viewing.today() > last:
        told = f"It can no longer be reinstated: that was possible until {fmt.day(last)}."
    else:
        told = (
            f"It can be reinstated until {fmt.day(last)}. What is owed has to be paid first, which "
            "billing books."
        )
    st.info(fmt.plain(told), icon=":material/history:")


def cover(detail: PolicyDetail) -> None:
    """The premium line by line, and the riders."""
    premium.kept(
        detail.premium_lines, detail.row.annual_premium,
        instalment=detail.premium_amount, times=detail.instalments_a_year,
    )  # fmt: skip
    for rider in detail.riders:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            state = "" if rider.is_active else _rider_state(rider)
            st.markdown(
                f":material/add_moderator: **{fmt.plain(rider.name)}**{state}  \n"
                f":small[:gray[{fmt.plain(fmt.money(rider.sum_assured))} · "
                f"{fmt.plain(fmt.money(rider.premium_amount))} a year · "
                f"{fmt.plain(_runs(detail, rider))}]]"
            )
            if rider.is_active and detail.can_change:
                st.space("stretch")
                if st.button(
                    "End", key=f"rider.{rider.id}", type="tertiary", help=f"End {fmt.plain(rider.name)}"
                ):
                    changes.start(detail, "end_rider", rider)
    if not detail.riders:
        st.caption("No riders")


def _runs(detail: PolicyDetail, rider: RiderRow) -> str:
    if detail.row.is_for_life and rider.end_date == detail.row.expiry_date:
        return f"from {fmt.day(rider.start_date)}"
    return f"{fmt.day(rider.start_date)} to {fmt.day(rider.end_date)}"


def _rider_state(rider: RiderRow) -> str:
    return " :blue-badge[To come]" if rider.start_date > viewing.today() else " :gray-badge[Ended]"


def people(detail: PolicyDetail) -> None:
    """Who is insured, and who is paid."""
    row = detail.row
    if _has_page("customer"):
        st.page_link(
            menu.page_for("customer"), label=f"{fmt.plain(row.customer)} · {detail.customer_code}",
            icon=":material/person:", query_params={"customer": detail.customer_code},
        )  # fmt: skip
    else:
        st.markdown(f":material/person: {fmt.plain(row.customer)} · {fmt.plain(detail.customer_code)}")
    today = viewing.today()
    for one in detail.beneficiaries:
        past = one.valid_to is not None and one.valid_to <= today
        span = f"from {fmt.day(one.valid_from)}" + (f" to {fmt.day(one.valid_to)}" if one.valid_to else "")
        told = f"{terms.label(one.beneficiary_class)} · {terms.label(one.relation)} · {span}"
        share = f"{one.share_pct:.2f} %"
        mark = f":gray[{fmt.plain(one.name)} {share}]" if past else f"**{fmt.plain(one.name)}** {share}"
        st.markdown(f"{mark}  \n:small[:gray[{fmt.plain(told)}]]")
    if not detail.beneficiaries:
        st.caption("No beneficiaries")


def claims_of(detail: PolicyDetail, viewer: Viewer) -> None:
    """The claims on the policy; each opens."""
    found = claims.queue(
        ClaimFilter(policy_id=detail.row.id), by=viewer, today=viewing.today(), limit=MANY_CLAIMS
    )
    columns = (
        tables.Column("number", "Claim", kind="open", width=120),
        tables.Column(
            "status_label", "Status", kind="tag",
            tones={status.label: status.tone for status in CLAIM.statuses},
        ),
        tables.Column("loss_type", "Loss"),
        tables.Column("loss_date", "On", kind="date"),
        tables.Column("incurred", "Incurred", kind="money"),
    )  # fmt: skip
    rows = [{column.name: getattr(row, column.name) for column in columns} for row in found.rows]
    for row in rows:
        row["loss_type"] = terms.label(row["loss_type"])
    if not rows:
        st.caption("No claims")
        return
    tables.show(rows, columns, key="policy.claims", height="content")
    opened = tables.opened("policy.claims", len(rows))
    if opened is not None:
        menu.go("claim", {"claim": found.rows[opened].number})


def may_claim(viewer: Viewer, detail: PolicyDetail) -> bool:
    """Whether the viewer can report a loss on the policy."""
    return viewer.can(Permission.CLAIMS_REPORT) and detail.row.issue_date is not None


def _has_page(slug: str) -> bool:
    return any(row.slug == slug for row in menu.PAGES)
