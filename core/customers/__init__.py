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
    "accounts",
    "choice",
    "create_account",
    "create_customer",
    "find",
    "matches",
]
