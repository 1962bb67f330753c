"""The end of the entry: everything to read once more, what still lacks, and sending it once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from core import policies
from core.access import Viewer
from core.kit.errors import Invalid
from core.policies import Draft, Quote
from pages._ui import errors, menu, page, terms, viewing
from pages._ui import format as fmt
from pages.policies._parts import drafting, premium


def so_far(draft: Draft, viewer: Viewer, *, with_lines: bool = True) -> Quote:
    """Eligibility and premium of what is known, live; every failing limit is named (D11)."""
    quote = policies.quote(draft.application, by=viewer, today=viewing.today())
    if quote.age is not None:
        st.caption(f"Age {quote.age} when cover begins")
    for failure in quote.failures:
        st.error(fmt.plain(failure.message), icon=":material/block:")
    if quote.premium is not None and with_lines:
        if not quote.failures:
            st.success("Within all limits of the product", icon=":material/check_circle:")
        premium.quoted(quote.premium)
    elif quote.premium is None:
        asks = [ask for name, ask in quote.missing.items() if name != "payment_method"]
        st.caption(fmt.plain(" ".join(asks)))
    return quote


def draw(draft: Draft, viewer: Viewer) -> None:
    """The review, and the button that submits."""
    given = draft.application
    page.facts(
        {
            "Customer": draft.customer,
            "Product": draft.product,
            "Sum assured": fmt.money(given.sum_assured),
            "Term": fmt.counted(given.term_years, "year") if given.term_years else "",
            "Cover begins": fmt.day(given.effective_date),
            "Paid": premium.paid(given.payment_frequency, given.payment_method)
            if given.payment_frequency and given.payment_method
            else "",
        }
    )
    for share in given.beneficiaries:
        kind = terms.label(share.beneficiary_class.value)
        told = f"{kind} beneficiary: {share.name}, {share.relation}, {share.share_pct:.2f} %"
        st.markdown(f":material/person: {fmt.plain(told)}")
    quote = so_far(draft, viewer)
    _problems(_gaps(draft, quote), draft)
    if st.button("Submit application", type="primary", icon=":material/send:", key="entry.submit"):
        _submit(draft, viewer)


def _gaps(draft: Draft, quote: Quote) -> dict[str, str]:
    gaps = dict(quote.missing)
    try:
        policies.check_shares(draft.application.beneficiaries)
    except Invalid as invalid:
        gaps |= invalid.fields
    return gaps


def _problems(problems: Mapping[str, str], draft: Draft) -> None:
    for field, told in problems.items():
        step = drafting.step_of(field)
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(f":orange[:material/error:] {fmt.plain(told)}", width="content")
            if step != "review":
                st.button(
                    f"Go to {drafting.STEPS[step].lower()}", key=f"gap.{field}", type="tertiary",
                    on_click=partial(drafting.show, draft.id, step),
                )  # fmt: skip


def _submit(draft: Draft, viewer: Viewer) -> None:
    with errors.told() as outcome:
        try:
            ref = policies.submit_draft(draft.id, by=viewer)
        except Invalid as invalid:
            # The gaps above say the same with a way to each.
            others = {
                name: told for name, told in invalid.fields.items() if drafting.step_of(name) == "review"
            }
            st.error(
                fmt.plain(" ".join(others.values())) or "Complete what is named above.",
                title="Not submitted yet", icon=":material/block:",
            )  # fmt: skip
            return
    if outcome.ok:
        errors.flash(f"Application {fmt.plain(ref.number)} submitted")
        menu.go("policy", {"policy": ref.number})
