"""Customers, accounts and products."""

from __future__ import annotations

from datetime import date

from core import customers, documents
from core.access import Permission, Viewer
from core.customers.tables import (
    AccountPerson,
    Contact,
    ContactKind,
    CustomerRelation,
    DuplicatePair,
    DuplicateRun,
)
from core.demo.documents import pdf
from core.documents.tables import CustomerDocument
from core.kit.dates import utc_now
from core.kit.ids import new_request_id
from tests import factories as make
from tests.access_cases.world import MISSING, Case, Owner, about, for_all, may_own
from tests.factories.rows import put

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


def contact(owner: Owner) -> int:
    kind = ContactKind.MOBILE
    return put(Contact(customer_id=customer(owner), contact_type=kind, contact_value="+1 202-555-0100")).id


def relation(owner: Owner) -> int:
    one, other = customer(owner), customer(owner)
    made = CustomerRelation(customer_id=one, related_customer_id=other, kind=customers.RelationKind.SPOUSE)
    return put(made).id


def document(owner: Owner) -> int:
    file = documents.store(pdf("Proof"), "proof.pdf")
    made = CustomerDocument(
        customer_id=customer(owner),
        document_type=documents.DocumentType.ID_PROOF,
        document_name="proof.pdf",
        file_path=file.path,
        uploaded_by=make.user().id,
    )
    return put(made).id


def pair(owner: Owner) -> tuple[int, int]:
    return customer(owner), customer(owner)


def found_pair(owner: Owner) -> int:
    """A pair that the last comparison found, both of the owner's."""
    first, second = sorted(pair(owner))
    run = put(DuplicateRun(finished_at=utc_now()))
    made = DuplicatePair(run_id=run.id, first_id=first, second_id=second, bits=30.0, reasons=["same phone"])
    return put(made).id


def pairs_seen(by: Viewer) -> set[int]:
    return {one.id for one in customers.duplicate_pairs(by=by)[0]}


def start_comparison(by: Viewer) -> object:
    """Refused after the gate, because another one runs."""
    put(DuplicateRun())
    return customers.start_comparison(by=by)


def account_person(owner: Owner) -> int:
    return put(
        AccountPerson(account_id=account(owner), name="Ada Boss", role=customers.AccountRole.OWNER)
    ).id


def add_person(key: int, by: Viewer) -> object:
    new = customers.NewAccountPerson(role="owner", name="Ada Boss")
    return customers.add_account_person(key, new, request_id=new_request_id(), by=by)


def is_listed(key: object, by: Viewer) -> bool:
    wanted = customers.AccountFilter(text=str(key))
    return key in {row.code for row in customers.account_list(wanted, by=by)[0]}


def assign(key: int, by: Viewer) -> object:
    return customers.assign_customers([key], to=by.user_id, by=by)


REQUEST = new_request_id
MISSING_PAIR = (MISSING, MISSING - 1)

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
    "customers.account_list": about(VIEW, coded_account, is_listed),
    "customers.account_industries": for_all(VIEW, lambda by: customers.account_industries(by=by) or True),
    "customers.account_detail": about(VIEW, account, lambda key, by: customers.account_detail(key, by=by)),
    "customers.account_people": about(
        VIEW, account, lambda key, by: customers.account_people(key, by=by) or True
    ),
    "customers.accounts_of": about(
        VIEW, customer, lambda key, by: customers.accounts_of(key, by=by) or True
    ),
    "customers.edit_account": about(
        EDIT, account, lambda key, by: customers.edit_account(key, {"industry": "Food"}, version=1, by=by)
    ),
    "customers.assign_account": about(
        Permission.CUSTOMERS_ASSIGN,
        account,
        lambda key, by: customers.assign_account(key, to=by.user_id, version=1, by=by),
    ),
    "customers.add_account_person": about(EDIT, account, add_person),
    "customers.change_account_person": about(
        EDIT,
        account_person,
        lambda key, by: customers.change_account_person(key, {"role": "other"}, version=1, by=by),
    ),
    "customers.remove_account_person": about(
        EDIT, account_person, lambda key, by: customers.remove_account_person(key, by=by)
    ),
    "customers.create_customer": about(
        EDIT, lambda owner: owner.user.id, create_customer, fields=("agent_id",), is_visible=may_own
    ),
    "customers.create_account": about(
        EDIT, lambda owner: owner.user.id, create_account, fields=("agent_id",), is_visible=may_own
    ),
    "customers.customer": about(VIEW, customer, lambda key, by: customers.customer(key, by=by)),
    "customers.contacts": about(VIEW, customer, lambda key, by: customers.contacts(key, by=by) or True),
    "customers.relations": about(VIEW, customer, lambda key, by: customers.relations(key, by=by) or True),
    "customers.notes": about(VIEW, customer, lambda key, by: customers.notes(key, by=by) or True),
    "customers.consents": about(VIEW, customer, lambda key, by: customers.consents(key, by=by) or True),
    "customers.people_of": about(VIEW, account, lambda key, by: customers.people_of(key, by=by) or True),
    "customers.documents": about(
        Permission.DOCUMENTS_VIEW, customer, lambda key, by: customers.documents(key, by=by) or True
    ),
    "customers.open_document": about(
        Permission.DOCUMENTS_VIEW, document, lambda key, by: customers.open_document(key, by=by)
    ),
    "customers.upload_document": about(
        Permission.DOCUMENTS_UPLOAD,
        customer,
        lambda key, by: customers.upload_document(
            key, kind="id_proof", name="a.pdf", content=pdf("Proof"), request_id=REQUEST(), by=by
        ),
    ),
    "customers.verify_document": about(
        Permission.KYC_VERIFY, document, lambda key, by: customers.verify_document(key, by=by)
    ),
    "customers.withdraw_document": about(
        Permission.DOCUMENTS_UPLOAD,
        document,
        lambda key, by: customers.withdraw_document(key, reason="Wrong", by=by),
    ),
    "customers.withdrawn_documents": about(
        Permission.DOCUMENTS_VIEW,
        customer,
        lambda key, by: customers.withdrawn_documents(key, by=by) or True,
    ),
    "customers.start_kyc": about(
        EDIT, customer, lambda key, by: customers.start_kyc(key, version=1, by=by)
    ),
    "customers.reject_kyc": about(
        Permission.KYC_VERIFY,
        customer,
        lambda key, by: customers.reject_kyc(key, version=1, reason="Unreadable", by=by),
    ),
    "customers.edit_customer": about(
        EDIT, customer, lambda key, by: customers.edit_customer(key, {"city": "Dayton"}, version=1, by=by)
    ),
    "customers.assign_customers": about(Permission.CUSTOMERS_ASSIGN, customer, assign, missing=MISSING),
    "customers.add_contact": about(
        EDIT,
        customer,
        lambda key, by: customers.add_contact(
            key, kind="mobile", value="202 555 0101", request_id=REQUEST(), by=by
        ),
    ),
    "customers.change_contact": about(
        EDIT, contact, lambda key, by: customers.change_contact(key, is_valid=False, by=by)
    ),
    "customers.remove_contact": about(EDIT, contact, lambda key, by: customers.remove_contact(key, by=by)),
    "customers.relate": about(
        EDIT,
        pair,
        lambda key, by: customers.relate(key[0], key[1], kind="spouse", by=by),
        missing=MISSING_PAIR,
    ),
    "customers.unrelate": about(EDIT, relation, lambda key, by: customers.unrelate(key, by=by)),
    "customers.add_note": about(
        EDIT, customer, lambda key, by: customers.add_note(key, "A note", request_id=REQUEST(), by=by)
    ),
    "customers.record_consent": about(
        EDIT,
        customer,
        lambda key, by: customers.record_consent(
            key, channel="email", purpose="service", is_granted=True, by=by
        ),
    ),
    "customers.not_duplicates": about(
        Permission.CUSTOMERS_MERGE,
        pair,
        lambda key, by: customers.not_duplicates(*key, by=by),
        missing=MISSING_PAIR,
    ),
    "customers.duplicate_pairs": about(
        Permission.CUSTOMERS_MERGE, found_pair, lambda key, by: key in pairs_seen(by), missing=MISSING
    ),
    "customers.last_comparison": for_all(
        Permission.CUSTOMERS_MERGE, lambda by: customers.last_comparison(by=by) or True
    ),
    "customers.start_comparison": for_all(Permission.CUSTOMERS_MERGE, start_comparison),
}
