"""Forms with every text filled in, where the case of the access matrix leaves some out or is refused.

Each is a Case as in tests/access_cases: how a record comes to stand where the form is offered, and the
call that the form ends in.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from core import catalog, claims, customers, dossiers, imports, people, policies, sales, search
from core.access import Permission, Role, Viewer, passwords
from core.access.tables import User
from core.catalog import RateBand, RiderBasis, RiderTerms, RiderType
from core.claims.tables import Claim, ClaimStatus, LossType
from core.customers.tables import KycStatus
from core.db import unit_of_work
from core.demo.documents import pdf
from core.documents.tables import CustomerDocument, DocumentType
from core.kit.dates import utc_now
from core.kit.ids import new_request_id
from core.policies import Application, BeneficiaryClass, Share
from core.policies.tables import PolicyDraft
from tests import factories as make
from tests.access_cases import customers as customer_cases
from tests.access_cases import lists as list_cases
from tests.access_cases import organisation as organisation_cases
from tests.access_cases import policies as policy_cases
from tests.access_cases import sales as sales_cases
from tests.access_cases.imports import LEADS
from tests.access_cases.world import Case, Owner, about, everybodys, for_all
from tests.factories.rows import number, put

NOW, TODAY = datetime(2026, 3, 16, 15, 0, tzinfo=UTC), date(2026, 3, 16)
AHEAD = date(2035, 1, 2)
SHARES = (
    Share(BeneficiaryClass.PRIMARY, "Sam Spouse", "spouse", Decimal(100)),
    Share(BeneficiaryClass.CONTINGENT, "Kim Kid", "child", Decimal(100)),
)
MAPPING = {
    "entity": "lead",
    "source": "leads",
    "key": ["name"],
    "fields": {
        "first_name": {"column": "name"},
        "last_name": {"constant": "Lead"},
        "source": {"constant": "Website"},
    },
}
E = Permission
PASSWORD, NEW_PASSWORD = "harbor-lantern-1", "quiet-meadow-77"
TERRITORY = {"code": "NW", "name": "North West", "description": "Two states"}


def at_1(**options: Any) -> dict[str, Any]:
    return {"version": 1, "now": NOW, **options}


def request() -> str:
    return new_request_id()


def open_policy(owner: Owner, **columns: object) -> int:
    """In force on the day on which these forms are filled in."""
    columns = {"product_id": make.product(catalog.Category.AUTO).id, **columns}
    return make.policy(make.user(name="Sol Seller"), territory_id=owner.area.id, **columns).id


def claim(owner: Owner, **columns: object) -> int:
    """A claim in which the owner has taken no part yet."""
    seller = make.agent(name="Sol Seller", area=owner.area)
    on = make.policy(seller, territory_id=owner.area.id)
    given = {"agent_id": seller.id, "assigned_to": owner.user.id, **columns}
    found = make.claim(on, **given).id
    make.prove(found)
    return found


def at_stage(status: str, **columns: object) -> Any:
    return lambda owner: claim(owner, status=ClaimStatus(status), **columns)


ASSESSED = {"assessed_amount": Decimal(100), "reserve_amount": Decimal(100)}
APPROVED = {**ASSESSED, "approved_amount": Decimal(100), "decided_on": TODAY}


def pay(key: int, by: Viewer) -> object:
    return claims.pay(
        key, Decimal(50), payee="Carla", payment_reference=f"R{number()}", paid_on=TODAY,
        request_id=request(), by=by, now=NOW,
    )  # fmt: skip


def notice(key: int) -> claims.NoticeOfLoss:
    return claims.NoticeOfLoss(
        key, date(2026, 3, 10), LossType.COLLISION, "Hail", Decimal(100),
        loss_place="Columbus", claimant_name="Carla Customer", claimant_relation="spouse",
    )  # fmt: skip


def report(key: int, by: Viewer) -> object:
    return claims.report(notice(key), request_id=request(), by=by, now=NOW)


def identity_checked(owner: Owner) -> int:
    """Both proofs are there, and verified by somebody else than who uploaded them."""
    key = make.customer(**owner.row, kyc_status=KycStatus.PENDING).id
    uploader, verifier = make.user(name="Una Upload"), make.user(name="Vera Verify")
    for kind in (DocumentType.ID_PROOF, DocumentType.ADDRESS_PROOF):
        put(
            CustomerDocument(
                customer_id=key, document_type=kind, document_name="proof.pdf",
                file_path="documents/none.pdf", uploaded_by=uploader.id, verified=True,
                verified_by=verifier.id, verified_at=utc_now(), expires_on=AHEAD,
            )
        )  # fmt: skip
    return key


def edit_customer(key: int, by: Viewer) -> object:
    changes = {
        "first_name": "Carla", "last_name": "Cook", "address_line1": "2 Oak Street", "address_line2": "b",
        "city": "Dayton", "state": "OH", "postal_code": "45402", "country": "USA", "occupation": "Cook",
        "source": "Fair", "notes": "Call in May", "email": "carla@example.com",
        "phone_primary": "614 555 0101", "phone_secondary": "614 555 0102", "gender": "female",
        "income_range": "", "marital_status": "married",
    }  # fmt: skip
    return customers.edit_customer(key, changes, version=1, by=by, duplicates_reason="Another one")


def edit_account(key: int, by: Viewer) -> object:
    changes = {
        "name": "Acme", "industry": "Steel", "country": "USA", "email": "office@example.com",
        "phone": "614 555 0103", "address": "1 Main Street", "notes": "Family firm",
        "annual_revenue": "$1,200", "employee_count": "1,200", "year_established": "1990",
    }  # fmt: skip
    return customers.edit_account(key, changes, version=1, by=by)


def change_account_person(key: int, by: Viewer) -> object:
    changes = {"name": "Ada Boss", "role": "owner", "email": "ada@example.com", "phone": "614 555 0105"}
    return customers.change_account_person(key, changes, version=1, by=by)


def product_values() -> dict[str, object]:
    return {
        "product_code": f"N{number()}", "name": "Term 5", "category": "term", "description": "Five years",
        "min_sum_assured": "$1,000", "max_sum_assured": "$2,000", "min_term": "05", "max_term": "010",
        "min_age": "018", "max_age": "060", "max_maturity_age": "070", "premium_type": "",
        "commission_year1": "10 %", "commission_year2": "5 %", "commission_renewal": "1 %",
        "unavailable_states": "ny, nj", "launch_date": "2026-01-01",
    }  # fmt: skip


def enter_rates(key: int, by: Viewer) -> object:
    new = catalog.NewRates(
        product_id=key, valid_from=AHEAD, policy_fee=Decimal(60), note="Reviewed",
        bands=(RateBand(18, 65, Decimal("1.40")),),
        riders=(RiderTerms(RiderType.WAIVER_OF_PREMIUM, "Waiver", RiderBasis.PERCENT_OF_BASE, Decimal(4)),),
    )  # fmt: skip
    return catalog.enter_rates(new, request_id=request(), by=by)


def edit_agent(key: int, by: Viewer) -> object:
    values = {
        "agent_code": f"A{number()}", "license_number": "OH-1", "commission_tier": "gold",
        "target_monthly": "1000", "status": "active",
    }  # fmt: skip
    return people.edit_agent(key, values, version=1, by=by)


def create_user(by: Viewer) -> object:
    new = people.NewUser(
        username=f"nina{number()}", email=f"nina{number()}@example.com", first_name="Nina",
        last_name="New", role=Role.SUPPORT, phone="614 555 0107",
    )  # fmt: skip
    return people.create_user(new, request_id=request(), by=by)


def edit_item(key: int, by: Viewer) -> object:
    values = {"name": f"Fair {number()}", "type": "event", "description": "In May", "cost_per_lead": "5"}
    return sales.edit_item(sales.ListKind.SOURCES, key, values, version=1, by=by)


def entered_draft(owner: Owner) -> int:
    """A draft that lacks nothing but what a form still asks for."""
    key = make.customer(**owner.row).id
    row = PolicyDraft(
        owner_id=owner.user.id, customer_id=key, request_id=request(), step="customer",
        state={"customer_id": key},
    )  # fmt: skip
    return put(row).id


def upload_to_draft(key: int, by: Viewer) -> object:
    return policies.add_draft_document(
        key, kind="id_proof", name="a.pdf", content=pdf("Proof"), request_id=request(), by=by
    )


def upload_to_policy(key: int, by: Viewer) -> object:
    return policies.add_document(
        key, kind="id_proof", name="a.pdf", content=pdf("Proof"), request_id=request(), by=by
    )


def beneficiaries(key: int, by: Viewer) -> object:
    return policies.change_beneficiaries(key, list(SHARES), effective_date=TODAY, **at_1(), by=by)


def application(customer_id: int | None = None) -> Application:
    return Application(customer_id=customer_id, notes="Sold at the fair", beneficiaries=SHARES)


def set_password(key: int) -> int:
    with unit_of_work() as session:
        session.get_one(User, key).password_hash = passwords.hash_password(PASSWORD)
    return key


def new_lead(key: int, by: Viewer) -> object:
    new = sales.NewLead(
        first_name="Lena", last_name="Lead", source_id=make.source_id(), assigned_to=key,
        company_name="Acme", email="lena@example.com", phone="614 555 0106", state="OH", notes="Fair",
        expected_premium="$1,200", expected_sum_assured="$12,000",
    )  # fmt: skip
    return sales.create_lead(new, request_id=request(), by=by, duplicates_reason="Another one")


def edit_lead(key: int, by: Viewer) -> object:
    changes = {
        "first_name": "Lena", "last_name": "Lead", "company_name": "Acme", "email": "lena@example.com",
        "phone": "614 555 0106", "state": "OH", "notes": "Fair", "expected_premium": "$1,200",
        "expected_sum_assured": "$12,000", "priority": "high", "date_of_birth": "1980-01-01",
    }  # fmt: skip
    return sales.edit_lead(key, changes, **at_1(), by=by)


def lose_lead(key: int, by: Viewer) -> object:
    return sales.move_lead(
        key, to="lost", lost_reason_id=make.lost_reason_id(), lost_note="Moved away", reason="Told us",
        **at_1(), by=by,
    )  # fmt: skip


def lose_opportunity(key: int, by: Viewer) -> object:
    return sales.move_opportunity(
        key, to="closed_lost", lost_reason_id=make.lost_reason_id(), lost_note="Moved away",
        reason="Told us", **at_1(), by=by,
    )  # fmt: skip


def edit_opportunity(key: int, by: Viewer) -> object:
    changes = {
        "name": "Deal", "notes": "Talks in May", "estimated_value": "$1,200", "priority": "high",
        "expected_close_date": "2026-05-01",
    }  # fmt: skip
    return sales.edit_opportunity(key, changes, **at_1(), by=by)


def plan(key: int, by: Viewer) -> object:
    about_it = sales.About(lead_id=key)
    new = sales.NewFollowup(about=about_it, scheduled_at=NOW + timedelta(days=1), notes="The renewal")
    return sales.plan_followup(new, request_id=request(), by=by, now=NOW)


def log(key: int, by: Viewer) -> object:
    return sales.log_followup(
        sales.About(opportunity_id=key), outcome="Spoke", notes="Calls back", completed_at=NOW,
        request_id=request(), by=by, now=NOW,
    )  # fmt: skip


def book(key: int, by: Viewer) -> object:
    starts = NOW + timedelta(days=3)
    new = sales.NewAppointment(
        about=sales.About(lead_id=key), starts_at=starts, ends_at=starts + timedelta(hours=1),
        location="Office", notes="The renewal",
    )  # fmt: skip
    return sales.book_appointment(new, request_id=request(), by=by, now=NOW)


def search_all(by: Viewer) -> object:
    wanted = search.Criteria(name="Carla", city="Columbus", state="OH", postal_code="43085")
    return search.customers_by(wanted, by=by)


def claim_number(owner: Owner) -> str:
    with unit_of_work() as session:
        return session.get_one(Claim, claim(owner)).claim_number


def coded(kind: str) -> Any:
    """The code of a record of the owner's, as addresses carry it."""
    makers = {
        "customer": lambda owner: make.customer(**owner.row).customer_code,
        "account": lambda owner: make.account(**owner.row).account_code,
        "lead": lambda owner: make.lead(owner.user, territory_id=owner.area.id).lead_code,
        "opportunity": lambda owner: (
            make.opportunity(owner.user, territory_id=owner.area.id).opportunity_code
        ),
        "policy": lambda owner: make.policy(owner.user, territory_id=owner.area.id).policy_number,
        "claim": claim_number,
    }
    return makers[kind]


FILLED: dict[str, Case] = {
    "claims.claim": about(
        E.CLAIMS_VIEW, coded("claim"), lambda key, by: claims.claim(key, by=by, today=TODAY)
    ),
    "customers.account_detail": about(
        E.CUSTOMERS_VIEW, coded("account"), lambda key, by: customers.account_detail(key, by=by)
    ),
    "customers.customer": about(
        E.CUSTOMERS_VIEW, coded("customer"), lambda key, by: customers.customer(key, by=by)
    ),
    "dossiers.overview": about(
        E.CUSTOMERS_VIEW, coded("customer"), lambda key, by: dossiers.overview(key, by=by)
    ),
    "dossiers.account_overview": about(
        E.CUSTOMERS_VIEW, coded("account"), lambda key, by: dossiers.account_overview(key, by=by)
    ),
    "policies.policy": about(E.POLICIES_VIEW, coded("policy"), lambda key, by: policies.policy(key, by=by)),
    "sales.lead": about(E.LEADS_VIEW, coded("lead"), lambda key, by: sales.lead(key, by=by)),
    "sales.opportunity": about(
        E.LEADS_VIEW, coded("opportunity"), lambda key, by: sales.opportunity(key, by=by)
    ),
    "catalog.create_product": for_all(
        E.REFERENCE_ADMIN, lambda by: catalog.create_product(product_values(), request_id=request(), by=by)
    ),
    "catalog.edit_product": about(
        E.REFERENCE_ADMIN,
        lambda _: make.product().id,
        lambda key, by: catalog.edit_product(key, product_values(), version=1, by=by),
        is_visible=everybodys,
    ),
    "catalog.enter_rates": about(
        E.REFERENCE_ADMIN, lambda _: make.product().id, enter_rates, is_visible=everybodys
    ),
    "claims.assess": about(
        E.CLAIMS_HANDLE,
        at_stage("documents"),
        lambda key, by: claims.assess(key, Decimal(100), note="As the invoice says", **at_1(), by=by),
    ),
    "claims.pay": about(E.CLAIMS_HANDLE, at_stage("approved", **APPROVED), pay),
    "claims.reject": about(
        E.CLAIMS_APPROVE,
        at_stage("assessed", **ASSESSED),
        lambda key, by: claims.reject(key, code="NOT_COVERED", letter="We can't pay.", **at_1(), by=by),
    ),
    "claims.reopen": about(
        E.CLAIMS_APPROVE,
        at_stage("closed", closed_on=TODAY),
        lambda key, by: claims.reopen(key, evidence="New photos", **at_1(), by=by),
    ),
    "claims.take_back": about(
        E.CLAIMS_APPROVE,
        at_stage("approved", **APPROVED),
        lambda key, by: claims.take_back(key, reason="The invoice is wrong", **at_1(), by=by),
    ),
    "claims.check_notice": about(
        E.CLAIMS_REPORT, open_policy, lambda key, by: claims.check_notice(notice(key), by=by, today=TODAY)
    ),
    "claims.report": about(E.CLAIMS_REPORT, open_policy, report),
    "customers.reject_kyc": about(
        E.CUSTOMERS_EDIT,
        identity_checked,
        lambda key, by: customers.reject_kyc(key, reason="Blurred", **at_1(), by=by),
    ),
    "dossiers.verify_kyc": about(
        E.CUSTOMERS_EDIT,
        identity_checked,
        lambda key, by: dossiers.verify_kyc(key, note="Seen in person", **at_1(), by=by),
    ),
    "customers.edit_customer": about(E.CUSTOMERS_EDIT, customer_cases.customer, edit_customer),
    "customers.edit_account": about(E.CUSTOMERS_EDIT, customer_cases.account, edit_account),
    "customers.change_account_person": about(
        E.CUSTOMERS_EDIT, customer_cases.account_person, change_account_person
    ),
    "imports.preview": for_all(E.IMPORT, lambda by: imports.preview(LEADS, MAPPING, by=by)),
    "imports.save_template": for_all(
        E.IMPORT, lambda by: imports.save_template("Leads of the fair", MAPPING, by=by)
    ),
    "people.change_password": about(
        E.HOME_VIEW,
        lambda owner: set_password(owner.user.id),
        lambda _, by: people.change_password(PASSWORD, NEW_PASSWORD, NEW_PASSWORD, by=by),
    ),
    "people.add_closed_day": for_all(
        E.REFERENCE_ADMIN,
        lambda by: people.add_closed_day(AHEAD, "Founders' day", request_id=request(), by=by),
    ),
    "people.create_territory": for_all(
        E.REFERENCE_ADMIN, lambda by: people.create_territory(TERRITORY, request_id=request(), by=by)
    ),
    "people.edit_territory": about(
        E.REFERENCE_ADMIN,
        organisation_cases.territory,
        lambda key, by: people.edit_territory(key, TERRITORY, version=1, by=by),
        is_visible=everybodys,
    ),
    "people.edit_agent": about(E.USERS_ADMIN, organisation_cases.agent, edit_agent),
    "people.create_user": for_all(E.USERS_ADMIN, create_user),
    "people.save_view": for_all(
        E.HOME_VIEW, lambda by: people.save_view("customers", "Mine", {"q": "Carla"}, by=by)
    ),
    "policies.add_document": about(
        E.DOCUMENTS_UPLOAD, lambda owner: policy_cases.policy_beside(owner).id, upload_to_policy
    ),
    "policies.add_draft_document": about(E.POLICIES_ENTER, entered_draft, upload_to_draft),
    "policies.change_beneficiaries": about(E.POLICIES_ENTER, policy_cases.policy, beneficiaries),
    "policies.decline": about(
        E.POLICIES_ISSUE,
        lambda owner: make.policy(make.user(), territory_id=owner.area.id, status="underwriting").id,
        lambda key, by: policies.decline(key, reason="Too ill", **at_1(), by=by),
    ),
    "policies.start_draft": about(
        E.POLICIES_ENTER,
        policy_cases.customer,
        lambda key, by: policies.start_draft(application(key), by=by),
    ),
    "policies.save_draft": about(
        E.POLICIES_ENTER,
        policy_cases.draft,
        lambda key, by: policies.save_draft(key, application(), step="customer", version=1, by=by),
    ),
    "sales.create_lead": about(E.LEADS_EDIT, sales_cases.agent, new_lead),
    "sales.edit_lead": about(E.LEADS_EDIT, sales_cases.lead, edit_lead),
    "sales.move_lead": about(E.LEADS_EDIT, sales_cases.lead, lose_lead),
    "sales.move_opportunity": about(E.LEADS_EDIT, sales_cases.opportunity, lose_opportunity),
    "sales.edit_opportunity": about(E.LEADS_EDIT, sales_cases.opportunity, edit_opportunity),
    "sales.plan_followup": about(E.LEADS_EDIT, sales_cases.lead, plan),
    "sales.log_followup": about(E.LEADS_EDIT, sales_cases.opportunity, log),
    "sales.book_appointment": about(E.LEADS_EDIT, sales_cases.lead, book),
    "sales.edit_item": about(E.REFERENCE_ADMIN, list_cases.source, edit_item, is_visible=everybodys),
    "search.customers_by": for_all(E.CUSTOMERS_VIEW, search_all),
}
