"""Policies and their drafts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from core import policies
from core.access import Permission, Viewer
from core.catalog import RiderChoice
from core.catalog.tables import RiderType
from core.demo.documents import pdf
from core.documents.tables import CustomerDocument, DocumentType
from core.kit.ids import new_request_id
from core.policies.tables import Policy, PolicyDraft, PolicyRider
from tests import factories as make
from tests.access_cases.catalog import priced
from tests.access_cases.world import MISSING, Case, Owner, about, only_own
from tests.factories.rows import put

NOW, TODAY = datetime(2026, 3, 16, 15, 0, tzinfo=UTC), date(2026, 3, 16)
VIEW, ENTER, ISSUE = Permission.POLICIES_VIEW, Permission.POLICIES_ENTER, Permission.POLICIES_ISSUE


def policy(owner: Owner) -> int:
    return make.policy(
        owner.user,
        territory_id=owner.area.id,
        product_id=priced(owner),
        customer_id=customer(owner),
    ).id


def rider(owner: Owner) -> tuple[int, int]:
    on = policy(owner)
    row = PolicyRider(
        policy_id=on,
        rider_name="Accidental death",
        rider_type=RiderType.ACCIDENTAL_DEATH,
        sum_assured=Decimal(1000),
        premium_amount=Decimal(10),
        start_date=date(2025, 4, 1),
        end_date=date(2026, 4, 1),
    )
    return on, put(row).id


def customer(owner: Owner) -> int:
    return make.customer(**owner.row).id


def policy_beside(owner: Owner) -> Policy:
    """A policy of the owner's, whose customer is somebody else's."""
    return make.policy(
        owner.user, territory_id=owner.area.id, product_id=priced(owner), customer_id=make.customer().id
    )


def document(owner: Owner) -> int:
    """Of a policy of the owner's, whose customer is somebody else's."""
    on = policy_beside(owner)
    row = CustomerDocument(
        customer_id=on.customer_id,
        policy_id=on.id,
        document_type=DocumentType.POLICY_CONTRACT,
        document_name="contract.pdf",
        file_path="documents/none.pdf",
        uploaded_by=make.user().id,
    )
    return put(row).id


def draft(owner: Owner) -> int:
    return put(
        PolicyDraft(owner_id=owner.user.id, request_id=new_request_id(), step="customer", state={})
    ).id


def at_1(**options: Any) -> dict[str, Any]:
    return {"version": 1, "now": NOW, **options}


def cancel(key: int, by: Viewer) -> object:
    reason = policies.EndReason.CUSTOMER
    return policies.cancel(key, end_reason=reason, end_date=TODAY, reason="Moved", **at_1(), by=by)


def change_payment(key: int, by: Viewer) -> object:
    return policies.change_payment(
        key,
        frequency=policies.PaymentFrequency.MONTHLY,
        method=policies.PaymentMethod.CHECK,
        effective_date=TODAY,
        **at_1(),
        by=by,
    )


def add_rider(key: int, by: Viewer) -> object:
    rider = RiderChoice(RiderType.ACCIDENTAL_DEATH, Decimal(1000))
    return policies.add_rider(key, rider, effective_date=TODAY, **at_1(), by=by)


def quote(key: int, by: Viewer) -> object:
    application = policies.Application(customer_id=key, product_id=make.product().id)
    return policies.quote(application, by=by, today=TODAY)


def start_draft(key: int, by: Viewer) -> object:
    return policies.start_draft(policies.Application(customer_id=key), by=by)


def save_draft(key: int, by: Viewer) -> object:
    return policies.save_draft(key, policies.Application(), step="customer", version=1, by=by)


def upload(add: Callable[..., object]) -> Callable[[int, Viewer], object]:
    def call(key: int, by: Viewer) -> object:
        request = new_request_id()
        return add(key, kind="id_proof", name="a.pdf", content=pdf("Proof"), request_id=request, by=by)

    return call


def listed(key: int, by: Viewer) -> bool:
    found = policies.policies(policies.PolicyFilter(), by=by, limit=500)
    return key in {row.id for row in found.rows}


CASES: dict[str, Case] = {
    "policies.policies": about(VIEW, policy, listed),
    "policies.policy": about(VIEW, policy, lambda key, by: policies.policy(key, by=by)),
    "policies.send_to_underwriting": about(
        ENTER, policy, lambda key, by: policies.send_to_underwriting(key, **at_1(), by=by)
    ),
    "policies.cancel": about(ENTER, policy, cancel),
    "policies.decline": about(
        ISSUE, policy, lambda key, by: policies.decline(key, reason="Too ill", **at_1(), by=by)
    ),
    "policies.issue": about(ISSUE, policy, lambda key, by: policies.issue(key, **at_1(), by=by)),
    "policies.mature": about(ISSUE, policy, lambda key, by: policies.mature(key, **at_1(), by=by)),
    "policies.change_payment": about(ENTER, policy, change_payment),
    "policies.change_beneficiaries": about(
        ENTER,
        policy,
        lambda key, by: policies.change_beneficiaries(key, [], effective_date=TODAY, **at_1(), by=by),
    ),
    "policies.add_rider": about(ENTER, policy, add_rider),
    "policies.end_rider": about(
        ENTER,
        rider,
        lambda key, by: policies.end_rider(*key, effective_date=TODAY, **at_1(), by=by),
        missing=(MISSING, MISSING),
    ),
    "policies.documents": about(
        Permission.DOCUMENTS_VIEW,
        policy,
        lambda key, by: policies.documents(key, by=by, today=TODAY),
    ),
    "policies.add_document": about(
        Permission.DOCUMENTS_UPLOAD, lambda owner: policy_beside(owner).id, upload(policies.add_document)
    ),
    "policies.withdraw_document": about(
        Permission.DOCUMENTS_UPLOAD,
        document,
        lambda key, by: policies.withdraw_document(key, reason="Wrong", by=by),
    ),
    "policies.draft_documents": about(
        ENTER,
        draft,
        lambda key, by: policies.draft_documents(key, by=by, today=TODAY),
        is_visible=only_own,
    ),
    "policies.add_draft_document": about(
        ENTER, draft, upload(policies.add_draft_document), is_visible=only_own
    ),
    "policies.quote": about(ENTER, customer, quote),
    "policies.start_draft": about(ENTER, customer, start_draft),
    "policies.save_draft": about(ENTER, draft, save_draft, is_visible=only_own),
    "policies.draft": about(ENTER, draft, lambda key, by: policies.draft(key, by=by), is_visible=only_own),
    "policies.drafts": about(
        ENTER,
        draft,
        lambda key, by: key in {found.id for found in policies.drafts(by=by)},
        is_visible=only_own,
    ),
    "policies.discard_draft": about(
        ENTER, draft, lambda key, by: policies.discard_draft(key, by=by), is_visible=only_own
    ),
    "policies.submit_draft": about(
        ENTER,
        draft,
        lambda key, by: policies.submit_draft(key, version=1, annual=None, by=by, now=NOW),
        is_visible=only_own,
    ),
}
