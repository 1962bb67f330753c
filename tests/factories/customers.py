"""Customers and accounts."""

from __future__ import annotations

from datetime import date

from core.access.tables import User
from core.customers.tables import Account, Customer, Gender
from tests.factories.rows import number, put


def customer(*, agent: User | None = None, **columns: object) -> Customer:
    n = number()
    given = {
        "first_name": "Carla",
        "last_name": "Customer",
        "date_of_birth": date(1985, 5, 17),
        "gender": Gender.FEMALE,
        "email": f"customer{n}@example.com",
        "phone_primary": f"+1 202-555-{n % 10_000:04d}",
        "address_line1": "1 Main Street",
        "city": "Columbus",
        "state": "OH",
        "postal_code": "43085",
        "agent_id": agent.id if agent else None,
    }
    return put(Customer(**{**given, **columns}))


def account(*, agent: User | None = None, **columns: object) -> Account:
    given = {"name": f"Company {number()}", "agent_id": agent.id if agent else None}
    return put(Account(**{**given, **columns}))
