"""Small makers of rows for tests: each needs nothing, and takes any column by name.

They write rows as they are given, past the actions, so that a test can start from any state.
"""

from tests.factories.catalog import product
from tests.factories.cover import claim, policy, prove
from tests.factories.customers import account, customer
from tests.factories.people import Company, agent, company, territory, user, viewer
from tests.factories.sales import appointment, followup, lead, lost_reason_id, opportunity, source_id

__all__ = [
    "Company",
    "account",
    "agent",
    "appointment",
    "claim",
    "company",
    "customer",
    "followup",
    "lead",
    "lost_reason_id",
    "opportunity",
    "policy",
    "product",
    "prove",
    "source_id",
    "territory",
    "user",
    "viewer",
]
