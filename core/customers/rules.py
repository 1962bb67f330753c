"""How customers and accounts are entered, and what makes two of them look like one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from core.customers.postal import postal_code
from core.customers.states import state
from core.customers.tables import Gender, IncomeRange, MaritalStatus
from core.kit.errors import Invalid, Refusal
from core.kit.fields import (
    Field,
    amount,
    choice,
    clean,
    day,
    email,
    flag,
    key,
    person_name,
    phone,
    text,
    whole,
)

EARLIEST_BIRTH = date(1900, 1, 1)
OLDEST_COMPANY = 1000
MOST_EMPLOYEES = 10_000_000
SAME_PHONE = "same phone"
SAME_EMAIL = "same e-mail"
SAME_PERSON = "same name and date of birth"
SIMILAR_PERSON = "similar name and same date of birth"


def born(today: date) -> tuple[date, date]:
    """The span in which a living person was born by today."""
    return EARLIEST_BIRTH, today


def customer_fields(today: date) -> tuple[Field, ...]:
    """The inputs of a customer; column lengths are those of the table."""
    return (
        Field("first_name", "First name", person_name(50), required=True, personal=True),
        Field("last_name", "Last name", person_name(50), required=True, personal=True),
        Field("date_of_birth", "Date of birth", day(*born(today)), required=True, personal=True),
        Field("gender", "Gender", choice(Gender), required=True, personal=True),
        Field("email", "E-mail", email, personal=True),
        Field("phone_primary", "Phone", phone, required=True, personal=True),
        Field("phone_secondary", "Second phone", phone, personal=True),
        Field("address_line1", "Address", text(100), required=True, personal=True),
        Field("address_line2", "Address, second line", text(100), personal=True),
        Field("city", "City", text(50), required=True, personal=True),
        Field("state", "State", text(50), required=True),
        Field("postal_code", "Postal code", text(20), required=True, personal=True),
        Field("country", "Country", text(50), required=True),
        Field("occupation", "Occupation", text(100), personal=True),
        Field("source", "Source", text(50)),
        Field("agent_id", "Agent", key),
        Field("account_id", "Account", key),
        Field("notes", "Notes", text(10_000, lines=True), personal=True),
    )


def clean_customer(
    fields: Sequence[Field], values: Mapping[str, object], *, country: str = ""
) -> dict[str, object]:
    """The cleaned values; state and postal code fit the country, which is the given one by default.

    Raises Invalid with one message per wrong field.
    """
    problems: dict[str, str] = {}
    try:
        cleaned = clean(fields, values)
    except Invalid as refused:
        problems |= refused.fields
        cleaned = dict(values)
    where = str(cleaned.get("country") or country)
    for name, read in (("state", state), ("postal_code", postal_code)):
        typed = cleaned.get(name)
        if typed and name not in problems and "country" not in problems:
            try:
                cleaned[name] = read(str(typed), where)
            except Refusal as refusal:
                problems[name] = str(refusal)
    if problems:
        raise Invalid(problems)
    return cleaned


def editable_fields(today: date) -> tuple[Field, ...]:
    """The inputs that can be changed later: all but the agent, and what is asked for later."""
    return (
        *(field for field in customer_fields(today) if field.name != "agent_id"),
        Field("income_range", "Income", choice(IncomeRange), personal=True),
        Field("marital_status", "Marital status", choice(MaritalStatus), personal=True),
        Field("has_children", "Has children", flag, required=True, personal=True),
        Field("is_pep", "Politically exposed person", flag, required=True),
    )


def account_fields(today: date) -> tuple[Field, ...]:
    """The inputs of an account."""
    return (
        Field("name", "Name", text(100), required=True),
        Field("industry", "Industry", text(60)),
        Field("country", "Country", text(50)),
        Field("year_established", "Established in", whole(OLDEST_COMPANY, today.year)),
        Field("annual_revenue", "Annual revenue", amount(Decimal("99999999999999.99"))),
        Field("employee_count", "Employees", whole(1, MOST_EMPLOYEES)),
        Field("email", "E-mail", email, personal=True),
        Field("phone", "Phone", phone, personal=True),
        Field("address", "Address", text(1_000, lines=True), personal=True),
        Field("notes", "Notes", text(10_000, lines=True), personal=True),
        Field("agent_id", "Agent", key),
    )
