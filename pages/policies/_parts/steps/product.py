"""The step that asks for what is insured: product, sum, term, payment and start."""

from __future__ import annotations

import streamlit as st

from core import catalog, policies
from core.access import Viewer
from core.kit.errors import Invalid
from core.kit.wording import ages_told, range_told, years_told
from core.policies import TERMED, YEARLY, Application, Draft, PaymentFrequency, PaymentMethod
from pages._ui import format as fmt
from pages._ui import forms, terms, viewing
from pages._ui.filters import Option
from pages.policies._parts import choices, drafting


def ask(draft: Draft, viewer: Viewer) -> Application:
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


def _text(value: object) -> str | None:
    return str(value) if value is not None else None
