"""Customers, their parts, accounts (company customers), and what is known of duplicates."""

from __future__ import annotations

from core.customers.tables.accounts import Account, AccountPerson, AccountRole
from core.customers.tables.customers import (
    Customer,
    Gender,
    IncomeRange,
    KycStatus,
    MaritalStatus,
    RiskBand,
)
from core.customers.tables.duplicates import CustomerMerge, DuplicatePair, DuplicateRun, NotDuplicate
from core.customers.tables.parts import (
    Consent,
    ConsentChannel,
    ConsentPurpose,
    Contact,
    ContactKind,
    CustomerNote,
    CustomerRelation,
    RelationKind,
)

__all__ = [
    "Account",
    "AccountPerson",
    "AccountRole",
    "Consent",
    "ConsentChannel",
    "ConsentPurpose",
    "Contact",
    "ContactKind",
    "Customer",
    "CustomerMerge",
    "CustomerNote",
    "CustomerRelation",
    "DuplicatePair",
    "DuplicateRun",
    "Gender",
    "IncomeRange",
    "KycStatus",
    "MaritalStatus",
    "NotDuplicate",
    "RelationKind",
    "RiskBand",
]
