"""The customer that a lead becomes, entered anew from what the lead says."""

from __future__ import annotations

from core import customers, sales
from core.access import Permission, Viewer
from core.customers import NewCustomer
from pages._ui import errors, forms, new_customer, reruns
from pages.sales._parts import parties


def enter(lead: sales.LeadDetail, *, key: str, viewer: Viewer) -> None:
    """The form of a new customer, filled in from the lead; who was entered is chosen."""
    if not viewer.can(Permission.CUSTOMERS_EDIT):
        return
    start = {
        "first_name": lead.first_name,
        "last_name": lead.last_name,
        "email": lead.email,
        "phone_primary": lead.phone,
        "date_of_birth": lead.date_of_birth,
        "state": lead.state,
    }
    form = forms.Form(f"{key}.new", initial=start)
    with form.body():
        new_customer.fields(form)
        form.values["duplicates_reason"] = ""
        if form.has_message("duplicates_reason"):
            form.text("duplicates_reason", "Why a new customer is needed all the same")
        sent = form.submit("Create customer", icon=":material/person_add:", core_asks=True)
    if not sent:
        return
    typed = {
        name: form.values[name]
        for name in (*start, "address_line1", "city", "postal_code")
    }  # fmt: skip
    chosen = parties.made(key)
    with form.sending() as outcome:
        made = customers.create_customer(
            NewCustomer(**typed, gender=form.values["gender"] or "", source=lead.source.name),
            request_id=form.request_id,
            by=viewer,
            duplicates_reason=form.values["duplicates_reason"],
        )
    if form.has_message("duplicates_reason"):
        reruns.nearest()
    if outcome.ok:
        label = f"{typed['first_name']} {typed['last_name']} · {made.code}"
        chosen.append(parties.Party("customer_id", made.id, label))
        errors.flash(f"Customer {made.code} created")
        reruns.nearest()
