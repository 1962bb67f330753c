"""The steps of the entry: what each asks, and the application that comes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

import streamlit as st

from core import catalog, policies
from core.access import Viewer
from core.catalog import RiderBasis, RiderChoice
from core.kit.errors import Invalid
from core.kit.wording import ages_told, range_told, years_told
from core.policies import (
    TERMED,
    YEARLY,
    Application,
    Draft,
    PaymentFrequency,
    PaymentMethod,
    Share,
)
from pages._ui import errors, forms, terms, viewing
from pages._ui import format as fmt
from pages._ui.filters import Option
from pages.policies._parts import applicant, choices, documents, drafting, premium, shares


def customer(draft: Draft, viewer: Viewer) -> Application:
    """Who applies; choosing somebody goes on to the product.

    Nothing is drawn and the session state is left alone from the creation of a customer until the
    draft has it: there the run could stop, and who was created would have to be entered again.
    """
    known = drafting.seen(draft)
    chosen = applicant.choose(f"entry.{draft.id}", draft.application.customer_id, viewer)
    application = drafting.with_customer(draft, chosen, viewer)
    if chosen != draft.application.customer_id:
        kept = drafting.keep(draft, application, "product", viewer, known=known)
        if kept.application.lead_id != draft.application.lead_id:
            errors.flash("Somebody else came of the lead: this application is without it")
        drafting.show(kept.id, "product")
        st.rerun()
    return application


def product(draft: Draft, viewer: Viewer) -> Application:
    """Product, sum, term, payment and start; wrong amounts are told beside their field."""
    given = draft.application
    form = forms.Form(
        drafting.form_name(draft.id, "product"),
        initial={
            "product_id": str(given.product_id) if given.product_id else None,
            "sum_assured": given.sum_assured,
            "term_years": given.term_years,
            "payment_frequency": _text(given.payment_frequency),
            "payment_method": _text(given.payment_method),
            "effective_date": given.effective_date or viewing.today(),
            "notes": given.notes,
        },
    )
    active = [one for one in choices.of(viewer).products if one.is_active]
    options = [Option(str(one.id), f"{one.name} · {one.category_name}") for one in active]
    chosen = form.choice("product_id", "Product", options, required=True)
    found = next((one for one in active if str(one.id) == chosen), None)
    if found is not None:
        _limits(found, viewer)
    left, right = st.columns(2)
    with left:
        form.money("sum_assured", "Sum assured", required=True)
    with right:
        if found is None or found.category not in YEARLY:
            is_asked = found is not None and found.category in TERMED
            form.number("term_years", "Term in years", required=is_asked)
    left, right = st.columns(2)
    with left:
        form.choice(
            "payment_frequency",
            "Premium is paid",
            terms.options(PaymentFrequency),
            required="Choose how often it is paid.",
        )
    with right:
        form.choice("payment_method", "By", terms.options(PaymentMethod), required="Choose how it is paid.")
    form.date("effective_date", "Cover begins", required="Enter when cover begins.")
    form.area("notes", "Notes", max_chars=2000)
    application, is_readable = _terms(draft, form)
    if is_readable:
        _tell_gaps(form, draft, application, viewer)
    return application


def _tell_gaps(form: forms.Form, draft: Draft, application: Application, viewer: Viewer) -> None:
    """Failing limits beside their fields at once; what is blank when somebody wanted to go on."""
    quoted = policies.quote(application, by=viewer, today=viewing.today())
    found = drafting.at_step(policies.gaps(application, quoted, today=viewing.today()), "product")
    if "product" not in drafting.passed(draft.id):
        found = {field: told for field, told in found.items() if field not in quoted.missing}
    with form.keeping():
        if found:
            raise Invalid(found)


def _terms(draft: Draft, form: forms.Form) -> tuple[Application, bool]:
    """The application with what was typed, and whether the sum could be read."""
    values, amount = form.values, draft.application.sum_assured
    with form.keeping() as outcome:
        amount = form.amount("sum_assured")
    frequency, method = values["payment_frequency"], values["payment_method"]
    product_id = int(values["product_id"]) if values["product_id"] else None
    has_changed = product_id != draft.application.product_id
    application = drafting.with_changes(
        draft,
        product_id=product_id,
        sum_assured=amount,
        term_years=values.get("term_years"),
        effective_date=values["effective_date"],
        payment_frequency=PaymentFrequency(frequency) if frequency else None,
        payment_method=PaymentMethod(method) if method else None,
        notes=values["notes"],
        # Another product has other riders.
        riders=() if has_changed else draft.application.riders,
    )
    return application, outcome.ok


def _limits(found: catalog.ProductChoice, viewer: Viewer) -> None:
    allowed = catalog.limits(found.id, by=viewer)
    told = [
        ages_told(allowed.min_age, allowed.max_age).capitalize(),
        range_told(*map(fmt.money_whole, (allowed.min_sum_assured, allowed.max_sum_assured))),
    ]
    if allowed.min_term is not None and allowed.max_term is not None and found.category not in YEARLY:
        told.append(years_told(allowed.min_term, allowed.max_term))
    if allowed.unavailable_states:
        told.append(f"not in {', '.join(sorted(allowed.unavailable_states))}")
    st.caption(fmt.plain(" · ".join(told)))


def riders(draft: Draft, viewer: Viewer) -> Application:
    """The riders that the product offers, each with what it costs."""
    given = draft.application
    if given.product_id is None:
        st.info("Choose the product first.", icon=":material/info:")
        return given
    with errors.told() as outcome:
        table = catalog.rate_table(given.product_id, given.effective_date or viewing.today(), by=viewer)
    if not outcome.ok:
        return given
    if not table.riders:
        st.markdown("This product has no riders: there is nothing to choose here.")
        return given
    has = {one.rider_type: one.sum_assured for one in given.riders}
    whole = given.sum_assured or Decimal(0)
    start: dict[str, object] = {one.rider_type.value: one.rider_type in has for one in table.riders}
    start |= {f"{one.rider_type.value}.sum": has.get(one.rider_type, whole) for one in table.riders}
    form = forms.Form(drafting.form_name(draft.id, "riders"), initial=start)
    wanted: list[RiderChoice] = []
    for one in table.riders:
        name = one.rider_type.value
        is_wanted = form.check(name, fmt.spoken(one.name))
        st.caption(fmt.plain(premium.rider_rate(one)))
        if not is_wanted:
            continue
        amount = whole
        if one.basis is RiderBasis.PER_MILLE:
            with st.container(width=260):
                form.money(f"{name}.sum", f"Sum of {fmt.spoken(one.name.lower())}")
            is_readable = not form.unreadable(f"{name}.sum")
            amount = (form.amount(f"{name}.sum") if is_readable else None) or Decimal(0)
        wanted.append(RiderChoice(one.rider_type, amount))
    application = drafting.with_changes(draft, riders=tuple(wanted))
    _tell_riders(form, application, viewer)
    return application


def _tell_riders(form: forms.Form, application: Application, viewer: Viewer) -> None:
    """What is wrong with a rider, beside its sum or its box."""
    found = {}
    for field, told in policies.quote(application, by=viewer, today=viewing.today()).wrong.items():
        group, _, name = field.partition(".")
        if group == "riders":
            found[f"{name}.sum" if f"{name}.sum" in form.values else name] = told
    found |= form.unreadable(*(name for name in form.values if name.endswith(".sum")))
    with form.keeping():
        if found:
            raise Invalid(found)


def beneficiaries(draft: Draft, viewer: Viewer) -> Application:
    """Who is paid: primary and contingent, each class adding up to 100.00 %."""
    del viewer
    key = drafting.form_name(draft.id, "beneficiaries")
    given = draft.application.beneficiaries
    is_told = "beneficiaries" in drafting.passed(draft.id)
    found = shares.editor(key, given, _share_problems if is_told else lambda _: {})
    if not found:
        st.caption("Without a beneficiary the sum goes to the customer or their estate.")
    return drafting.with_changes(draft, beneficiaries=found)


def _share_problems(given: Sequence[Share]) -> Mapping[str, str]:
    try:
        policies.check_shares(given, today=viewing.today())
    except Invalid as invalid:
        return invalid.fields
    return {}


def _text(value: object) -> str | None:
    return str(value) if value is not None else None


DRAWN: MappingProxyType[str, Callable[[Draft, Viewer], Application]] = MappingProxyType(
    {
        "customer": customer,
        "product": product,
        "riders": riders,
        "beneficiaries": beneficiaries,
        "documents": documents.of_draft,
    }
)
