"""Ways to reach a customer, who belongs to them, and the company that they are with."""

from __future__ import annotations

from core import customers
from core.access import Viewer
from pages._ui import page, terms
from pages.customers._parts import employers, reach, relations


def show(customer: customers.CustomerDetail, viewer: Viewer) -> None:
    """Address, contacts, relations and account."""
    lines = [customer.address_line1, customer.address_line2]
    place = " ".join(part for part in (customer.city, customer.state, customer.postal_code) if part)
    page.facts(
        {
            "Phone": customer.phone_primary,
            "Second phone": customer.phone_secondary,
            "E-mail": customer.email,
            "Address": ", ".join(part for part in (*lines, place, customer.country) if part),
            "Occupation": customer.occupation,
            "Income": terms.label(customer.income_range) if customer.income_range else "",
            "Marital status": terms.label(customer.marital_status) if customer.marital_status else "",
            "Source": customer.source,
        }
    )
    reach.show(customer.id, viewer)
    relations.show(customer.id, viewer)
    employers.show(customer, viewer)
