"""Customers and accounts: who they are, and who may already be one."""

from core.customers.actions import (
    account,
    accounts,
    choice,
    create_account,
    create_customer,
    find,
    matches,
)
from core.customers.errors import CustomerExists
from core.customers.records import (
    AccountChoice,
    CustomerChoice,
    CustomerMatch,
    CustomerRef,
    NewAccount,
    NewCustomer,
)
from core.customers.rules import account_fields, customer_fields
from core.customers.tables import Gender

__all__ = [
    "AccountChoice",
    "CustomerChoice",
    "CustomerExists",
    "CustomerMatch",
    "CustomerRef",
    "Gender",
    "NewAccount",
    "NewCustomer",
    "account",
    "account_fields",
    "accounts",
    "choice",
    "create_account",
    "create_customer",
    "customer_fields",
    "find",
    "matches",
]
