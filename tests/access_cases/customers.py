"""Customers, accounts and products."""

from __future__ import annotations

from datetime import date

from core import customers
from core.access import Permission, Viewer
from core.kit.ids import new_request_id
from tests import factories as make
from tests.access_cases.world import Case, Owner, about, may_own

VIEW, EDIT = Permission.CUSTOMERS_VIEW, Permission.CUSTOMERS_EDIT


def customer(owner: Owner) -> int:
    return make.customer(**owner.row).id


def coded_customer(owner: Owner) -> str:
    return make.customer(**owner.row).customer_code


def account(owner: Owner) -> int:
    return make.account(**owner.row).id


def coded_account(owner: Owner) -> str:
    return make.account(**owner.row).account_code


def create_customer(key: int, by: Viewer) -> object:
    new = customers.NewCustomer(
        first_name="Carl",
        last_name="Customer",
        date_of_birth=date(1980, 1, 1),
        gender="male",
        phone_primary="212 555 0123",
        address_line1="1 Main Street",
        city="Columbus",
        state="OH",
        postal_code="43085",
        agent_id=key,
    )
    request = new_request_id()
    return customers.create_customer(new, request_id=request, by=by, duplicates_reason="Test")


def create_account(key: int, by: Viewer) -> object:
    new = customers.NewAccount(name="Acme", agent_id=key)
    return customers.create_account(new, request_id=new_request_id(), by=by)


CASES: dict[str, Case] = {
    "customers.find": about(
        VIEW,
        coded_customer,
        lambda key, by: key in {found.code for found in customers.find(str(key), by=by)},
    ),
    "customers.choice": about(VIEW, customer, lambda key, by: customers.choice(key, by=by)),
    "customers.accounts": about(
        VIEW,
        coded_account,
        lambda key, by: key in {found.code for found in customers.accounts(str(key), by=by)},
    ),
    "customers.account": about(VIEW, account, lambda key, by: customers.account(key, by=by)),
    "customers.create_customer": about(
        EDIT, lambda owner: owner.user.id, create_customer, fields=("agent_id",), is_visible=may_own
    ),
    "customers.create_account": about(
        EDIT, lambda owner: owner.user.id, create_account, fields=("agent_id",), is_visible=may_own
    ),
}
