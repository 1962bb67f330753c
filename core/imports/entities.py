"""Everything that can be imported: one `Entity` each. A further kind of record is one more here."""

from __future__ import annotations

from types import MappingProxyType

from core.access import Permission
from core.customers import Gender, MaritalStatus, account_fields, customer_fields
from core.imports.claims import CLAIM_ENTITY
from core.imports.company import AGENT, LEAD_SOURCE, LOST_REASON, PRODUCT, TERRITORY, USER
from core.imports.deals import LEAD_ENTITY, OPPORTUNITY_ENTITY
from core.imports.errors import BadMapping
from core.imports.fields import Entity, Field, Kind, Rules, labels
from core.imports.policies import POLICY_ENTITY

ACCOUNT = Entity(
    name="account",
    noun="account",
    plural="accounts",
    table="accounts",
    permission=Permission.CUSTOMERS_EDIT,
    code="account_code",
    name_sql="name",
    stub={},
    folds_case=False,  # its index is on the name as written
    owner="owner",
    territory="territory",
    fields=(
        Field("name", "Name", required=True, limit=100),
        Field("industry", "Industry", limit=60),
        Field("year_established", "Founded in", Kind.NUMBER, limit=9999),
        Field("annual_revenue", "Revenue a year", Kind.MONEY, limit=99_999_999_999_999),
        Field("employee_count", "Employees", Kind.NUMBER, limit=2_000_000_000),
        Field("country", "Country", limit=50),
        Field("parent", "Part of", Kind.RECORD, "parent_account_id", of="account"),
        Field("owner", "Owner", Kind.RECORD, "agent_id", of="user"),
        Field("territory", "Territory", Kind.RECORD, "territory_id", of="territory"),
        Field("email", "E-mail", limit=100),
        Field("phone", "Phone", limit=20),
        Field("address", "Address"),
        Field("notes", "Notes"),
    ),
    rules=Rules(form=account_fields),
)

CUSTOMER = Entity(
    name="customer",
    noun="customer",
    plural="customers",
    table="customers",
    permission=Permission.CUSTOMERS_EDIT,
    code="customer_code",
    owner="owner",
    territory="territory",
    fields=(
        Field("customer_code", "Customer code", limit=20),
        Field("first_name", "First name", required=True, limit=50),
        Field("last_name", "Last name", required=True, limit=50),
        Field("date_of_birth", "Date of birth", Kind.DATE, required=True),
        Field(
            "gender",
            "Gender",
            Kind.CHOICE,
            choices=labels(Gender),
            required=True,
        ),
        Field("email", "E-mail", limit=100),
        Field("phone", "Phone", column="phone_primary", required=True, limit=20),
        Field("address", "Address", column="address_line1", required=True, limit=100),
        Field("city", "City", required=True, limit=50),
        Field("state", "State", required=True, limit=50),
        Field("postal_code", "Postal code", required=True, limit=20),
        Field("country", "Country", limit=50, default="USA"),
        Field("occupation", "Occupation", limit=100),
        Field("marital_status", "Marital status", Kind.CHOICE, choices=labels(MaritalStatus)),
        Field("source", "Source", limit=50),
        Field("owner", "Owner", Kind.RECORD, "agent_id", of="user"),
        Field("territory", "Territory", Kind.RECORD, "territory_id", of="territory"),
        Field("account", "Account", Kind.RECORD, "account_id", of="account"),
        Field("notes", "Notes"),
    ),
    rules=Rules(form=customer_fields),
)

ENTITIES = MappingProxyType(
    {
        entity.name: entity
        for entity in (
            LEAD_ENTITY,
            OPPORTUNITY_ENTITY,
            ACCOUNT,
            CUSTOMER,
            POLICY_ENTITY,
            CLAIM_ENTITY,
            PRODUCT,
            AGENT,
            USER,
            TERRITORY,
            LOST_REASON,
            LEAD_SOURCE,
        )
    }
)


def entity_named(name: str) -> Entity:
    """The entity of that name. Raises BadMapping when there is none."""
    found = ENTITIES.get(name)
    if found is None:
        raise BadMapping(
            f"{name} can't be imported.", remedy=f"What can be: {', '.join(sorted(ENTITIES))}."
        )
    return found
