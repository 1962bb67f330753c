"""A small file to start from: the headings that are recognised, and one invented row."""

from __future__ import annotations

import csv
import io
from types import MappingProxyType

from core.imports.fields import Entity, Field, Kind

# Nobody and nothing of this is real: the number and the address are reserved for examples.
EXAMPLES = MappingProxyType(
    {
        "address": "12 Example Street",
        "agent_code": "AG-90001",
        "annual_revenue": "2500000.00",
        "city": "Springfield",
        "claim_number": "C-900001",
        "claimant_name": "Sam Sample",
        "claimant_relation": "Insured",
        "code": "NORTH-9",
        "commission_renewal": "2.50",
        "commission_year1": "40.00",
        "commission_year2": "10.00",
        "company_name": "Sample Mills",
        "contact_consent": "yes",
        "cost_per_lead": "12.50",
        "country": "USA",
        "customer": "CUS-900001",
        "date_of_birth": "1985-04-23",
        "description": "An example",
        "email": "sam.sample@example.com",
        "employee_count": "40",
        "estimated_amount": "1500.00",
        "estimated_value": "12000.00",
        "expected_premium": "1200.00",
        "expected_sum_assured": "250000.00",
        "first_name": "Sam",
        "industry": "Retail",
        "last_name": "Sample",
        "max_age": "65",
        "max_sum_assured": "500000.00",
        "min_age": "18",
        "min_sum_assured": "10000.00",
        "occupation": "Teacher",
        "owner": "Alex Example",
        "phone": "+1 212-555-0123",
        "policy": "POL-900001",
        "policy_number": "POL-900001",
        "postal_code": "62701",
        "premium_amount": "120.00",
        "product": "TERM-20",
        "product_code": "SAMPLE-1",
        "source": "Website",
        "state": "Illinois",
        "sum_assured": "250000.00",
        "target_monthly": "20000.00",
        "term_years": "20",
        "territory": "East",
        "user": "alex.example",
        "username": "alex.example",
        "year_established": "1998",
    }
)
NAMES = MappingProxyType({"user": "Alex Example", "opportunity": "Group cover for Sample Mills"})
# Other records are named only where none can do without: they have to be there already.
DAY = "2026-01-15"


def sample(spec: Entity) -> str:
    """A CSV file with a heading for every field, and one row that fills what is of use at first."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([one.label for one in spec.fields])
    writer.writerow([_example(spec, one) for one in spec.fields])
    return target.getvalue()


def _example(spec: Entity, one: Field) -> str:
    if not one.required and (one.kind in {Kind.RECORD, Kind.CHOICE} or one.only):
        return ""
    if one.name == spec.name_field:
        return EXAMPLES.get(one.name) or NAMES.get(spec.name, f"Sample {spec.noun}")
    if one.kind is Kind.CHOICE:
        return next(iter(one.choices.values()))
    if one.is_date and one.required:
        return EXAMPLES.get(one.name, DAY)
    return EXAMPLES.get(one.name, "")
