"""The draft behind an entry: which one is open, where in it somebody is, and keeping what is typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType

import streamlit as st

from core import customers, policies, sales
from core.access import Permission, Viewer
from core.kit.errors import NotFound
from core.policies import Application, Draft
from pages._ui import errors, forms, guard, menu, new_customer
from pages._ui import format as fmt
from pages.policies._parts import shares

STEPS = MappingProxyType(
    {
        "customer": "Customer",
        "product": "Product",
        "riders": "Riders",
        "beneficiaries": "Beneficiaries",
        "documents": "Documents",
        "review": "Review",
    }
)
# At which step the fields are that an application can lack or have wrong.
STEP_OF = MappingProxyType(
    {
        "customer_id": "customer",
        "product_id": "product",
        "sum_assured": "product",
        "term_years": "product",
        "effective_date": "product",
        "payment_frequency": "product",
        "payment_method": "product",
        "riders": "riders",
        "beneficiaries": "beneficiaries",
    }
)


def step_of(field: str) -> str:
    """The step at which a field is filled in."""
    return STEP_OF.get(field.partition(".")[0], "review")


def at_step(gaps: Mapping[str, str], step: str) -> dict[str, str]:
    """The gaps whose fields are at a step."""
    return {field: told for field, told in gaps.items() if step_of(field) == step}


def passed(draft_id: int, *steps: str) -> set[str]:
    """The steps that somebody has been through, with these from now on; what they lack is told there."""
    known: set[str] = st.session_state.setdefault(f"entry.{draft_id}.passed", set())
    known.update(steps)
    return known


def from_lead(code: str, viewer: Viewer) -> Draft | None:
    """An entry that is filled in from a lead (D6); the lead's open entry when there is one."""
    with errors.told() as outcome:
        lead = sales.lead(code, by=viewer)
        draft = policies.start_draft(
            Application(
                customer_id=lead.customer.id if lead.customer else None,
                lead_id=lead.id,
                product_id=lead.product.id if lead.product else None,
                sum_assured=lead.expected_sum_assured,
            ),
            by=viewer,
        )
    if isinstance(outcome.refusal, policies.AlreadyEntered) and outcome.refusal.number:
        number = outcome.refusal.number
        st.page_link(
            menu.page_for("policy"), label=f"Open {fmt.plain(number)}", icon=":material/policy:",
            query_params={"policy": number},
        )  # fmt: skip
    return draft if outcome.ok else None


def of_customer(named: str, viewer: Viewer) -> Draft | None:
    """An entry with a customer of the viewer's chosen, by id or by code."""
    with errors.told() as outcome:
        known = customers.choice(new_customer.named(named, viewer), by=viewer)
        draft = _begin(Application(customer_id=known.id), viewer)
    return draft if outcome.ok else None


def new() -> None:
    """Begin an entry; for a button's callback, which asks again who it is."""
    viewer = guard.viewer(Permission.POLICIES_ENTER)
    draft = _begin(Application(), viewer)
    show(draft.id, draft.step)


def _begin(application: Application, viewer: Viewer) -> Draft:
    """Begin an entry once: also when the run ends before the address names it, and another begins."""
    begun = _begun()
    if begun.get(application.customer_id) in {one.id for one in policies.drafts(by=viewer)}:
        return policies.draft(begun[application.customer_id], by=viewer)
    draft = policies.start_draft(application, by=viewer)
    begun[application.customer_id] = draft.id
    return draft


def _begun() -> dict[int | None, int]:
    """The entries that were begun and are not open yet, by their customer."""
    found: dict[int | None, int] = st.session_state.setdefault("entry.begun", {})
    return found


def submitted() -> dict[int, str]:
    """The policies that the entries of this session became; who comes back to one is led there."""
    found: dict[int, str] = st.session_state.setdefault("entry.submitted", {})
    return found


def show(draft_id: int, step: str) -> None:
    """Have the address name an entry and its step, with fields that begin from what is kept."""
    begun = _begun()
    forms.renew(form_name(draft_id, step))
    shares.forget(form_name(draft_id, step))
    for name in ("lead", "customer"):
        st.query_params.pop(name, None)
    st.query_params["draft"] = str(draft_id)
    st.query_params["step"] = step if step in STEPS else "review"
    begun.clear()


def form_name(draft_id: int, step: str) -> str:
    """What the form of a step is called."""
    return f"entry.{draft_id}.{step}"


def keep(
    draft: Draft, application: Application, step: str, viewer: Viewer, *, known: Seen | None = None
) -> Draft:
    """Save what differs from what is kept; the draft as it is then.

    When another tab was faster nothing is overwritten, and the person is told.
    """
    if application == draft.application and step == draft.step:
        return draft
    known = known or seen(draft)
    with errors.told() as outcome:
        kept = policies.save_draft(draft.id, application, step=step, version=known.version, by=viewer)
        # Not through the session state: whoever types on meanwhile stops the run there, and the next
        # would take this very save for another tab's.
        known.version = kept.version
    if not outcome.ok:
        st.button(
            "Go on from there", icon=":material/refresh:", on_click=reload, args=(draft.id, step),
            key="entry.reload",
        )  # fmt: skip
        st.stop()
    return kept


@dataclass
class Seen:
    """What of a draft is on the screen: the version that its fields began from, or have saved since.

    `reviewed` is what the review shows: the version, and the premium a year.
    """

    version: int
    reviewed: tuple[int, Decimal | None] | None = None


def seen(draft: Draft) -> Seen:
    """What the fields on the screen began from; from the first call on, the draft as it is now."""
    known: Seen = st.session_state.setdefault(_seen(draft), Seen(draft.version))
    return known


def reload(draft_id: int, step: str) -> None:
    """Take over what another tab has saved; for a button's callback."""
    st.session_state.pop(f"entry.{draft_id}.seen", None)
    show(draft_id, step)


def with_customer(draft: Draft, customer_id: int | None, viewer: Viewer) -> Application:
    """The draft's application for a customer; without its lead when somebody else came of that."""
    given = replace(draft.application, customer_id=customer_id)
    is_same = customer_id == draft.application.customer_id
    if given.lead_id is None or is_same or _came_of(given.lead_id, customer_id, viewer):
        return given
    return replace(given, lead_id=None)


def _came_of(lead_id: int, customer_id: int | None, viewer: Viewer) -> bool:
    try:
        lead = sales.lead(lead_id, by=viewer)
    except NotFound:
        return False  # it was handed to somebody else
    return lead.customer is None or lead.customer.id == customer_id


def with_changes(draft: Draft, **changes: object) -> Application:
    """The draft's application with other values."""
    return replace(draft.application, **changes)  # type: ignore[arg-type]  # names are given literally


def _seen(draft: Draft) -> str:
    return f"entry.{draft.id}.seen"
