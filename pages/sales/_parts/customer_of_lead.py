"""The customer that a lead becomes, entered anew from what the lead says."""

from __future__ import annotations

from core import sales
from core.access import Permission, Viewer
from core.customers import NewCustomer
from pages._ui import errors, forms, new_customer, reruns
from pages.sales._parts import parties


def enter(lead: sales.LeadDetail, *, key: str, viewer: Viewer) -> None:
    """The form of a new customer, filled in from the lead; who was entered is chosen.

    So is a record that is there already, by its button.
    """
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
        sent = new_customer.button(form, can_choose=True)
    known = parties.made(key)
    instead = new_customer.chosen(form, viewer)
    if instead is not None:
        known.append(parties.of_customer(instead))
        reruns.nearest()
    if not sent:
        return
    typed = {
        name: form.values[name]
        for name in (*start, "address_line1", "city", "postal_code")
    }  # fmt: skip
    new = NewCustomer(**typed, gender=form.values["gender"] or "", source=lead.source.name)
    made = new_customer.create(form, new, viewer)
    if made is not None:
        label = f"{new.first_name} {new.last_name} · {made.code}"
        known.append(parties.Party("customer_id", made.id, label))
        errors.flash(new_customer.created(made))
        reruns.nearest()
