"""The end of the entry: everything to read once more, what still lacks, and sending it once."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial

import streamlit as st

from core import policies
from core.access import Viewer
from core.kit.errors import Conflict, Invalid
from core.policies import FOR_LIFE, Draft, Quote
from pages._ui import errors, menu, page, terms
from pages._ui import format as fmt
from pages.policies._parts import choices, documents, drafting, premium


def so_far(quote: Quote, *, with_asks: bool = True, with_limits: bool = True) -> None:
    """Eligibility of what is known, live, and the premium once no limit fails (D11)."""
    if quote.age is not None:
        st.caption(f"Age {quote.age} when cover begins")
    if with_limits:
        for told in (*(failure.message for failure in quote.failures), *quote.wrong.values()):
            st.error(fmt.plain(told), icon=":material/block:")
    if quote.failures or quote.wrong:
        st.caption("The premium is shown once everything is within the limits of the product.")
    elif quote.premium is not None:
        st.success("Within all limits of the product", icon=":material/check_circle:")
        premium.quoted(quote.premium)
    elif with_asks:
        asks = [ask for name, ask in quote.missing.items() if name != "payment_method"]
        st.caption(fmt.plain(" ".join(asks)))


def draw(draft: Draft, quote: Quote, gaps: Mapping[str, str], viewer: Viewer) -> None:
    """The review, and the button that submits what was on the screen when it was pressed."""
    given, seen = draft.application, drafting.seen(draft)
    known = choices.of(viewer).products
    product = next((one.category for one in known if one.id == given.product_id), "")
    page.facts(
        {
            "Customer": draft.customer,
            "Product": draft.product,
            "Sum assured": fmt.money(given.sum_assured),
            "Term": premium.term(given.term_years, is_for_life=product in FOR_LIFE),
            "Cover begins": fmt.day(given.effective_date),
            "Paid": premium.paid(given.payment_frequency, given.payment_method)
            if given.payment_frequency and given.payment_method
            else "",
        }
    )
    for share in given.beneficiaries:
        kind = terms.label(share.beneficiary_class.value)
        name, relation = share.name or "name missing", share.relation or "relation missing"
        told = f"{kind} beneficiary: {name}, {relation}, {share.share_pct:.2f} %"
        st.markdown(f":material/person: {fmt.plain(told)}")
    documents.still_missing(draft, viewer)
    so_far(quote, with_asks=False, with_limits=False)
    _problems(gaps, draft)
    errors.deliver_at(_place(draft))
    now = draft.version, quote.premium.annual if quote.premium else None
    read, seen.reviewed = seen.reviewed or now, now
    if st.button("Submit to underwriting", type="primary", icon=":material/send:", key="entry.submit"):
        _submit(draft, read, viewer)


def _place(draft: Draft) -> str:
    """Where it is told that what somebody has read changed; in no other entry."""
    return f"entry.{draft.id}.submit"


def _problems(problems: Mapping[str, str], draft: Draft) -> None:
    with st.container(gap=None):
        for field, told in problems.items():
            _problem(field, told, draft)


def _problem(field: str, told: str, draft: Draft) -> None:
    """One gap, with the way to where it is filled."""
    step = drafting.step_of(field)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(f":orange[:material/error:] {fmt.plain(told)}", width="content")
        if step != "review":
            st.button(
                f"Go to {drafting.STEPS[step].lower()}", key=f"gap.{field}", type="tertiary",
                on_click=partial(drafting.show, draft.id, step),
            )  # fmt: skip


def _submit(draft: Draft, read: tuple[int, Decimal | None], viewer: Viewer) -> None:
    sent, (version, annual) = drafting.submitted(), read
    with errors.told() as outcome:
        try:
            ref = policies.submit_draft(
                draft.id, version=version, annual=annual, hands_over=True, by=viewer
            )
            sent[draft.id] = ref.number
        except Conflict as conflict:
            # With what another tab has saved, above what is told of it.
            errors.flash(errors.sentence(conflict), icon=errors.REFUSED, place=_place(draft))
            st.rerun()
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
        errors.flash(
            f"{fmt.plain(ref.number)} is submitted: an underwriter decides next", place=errors.HEAD
        )
        menu.go("policy", {"policy": ref.number})
