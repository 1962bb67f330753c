"""Policies: entry, lifecycle, riders, beneficiaries and dated changes."""

from core.policies.actions import (
    activate_due,
    cancel,
    claimed_by_death,
    decline,
    issue,
    mature,
    send_to_underwriting,
)
from core.policies.changes import add_rider, change_beneficiaries, change_payment, end_rider
from core.policies.dated import bring_in_due
from core.policies.drafts import (
    discard_draft,
    draft,
    drafts,
    save_draft,
    start_draft,
    submit_draft,
)
from core.policies.papers import (
    add_document,
    add_draft_document,
    documents,
    draft_documents,
    withdraw_document,
)
from core.policies.quotes import gaps, quote
from core.policies.records import (
    STEPS,
    Application,
    BeneficiaryRow,
    ChangeRow,
    Draft,
    PolicyDetail,
    PolicyDocuments,
    PolicyFilter,
    PolicyMove,
    PolicyPage,
    PolicyRef,
    PolicyRow,
    Quote,
    RiderRow,
)
from core.policies.rules import WHOLE, YEARLY, Share, check_shares, is_covered, policy_number
from core.policies.status import POLICY
from core.policies.tables import BeneficiaryClass, EndReason, PaymentFrequency, PaymentMethod
from core.policies.views import policies, policy

__all__ = [
    "POLICY",
    "STEPS",
    "WHOLE",
    "YEARLY",
    "Application",
    "BeneficiaryClass",
    "BeneficiaryRow",
    "ChangeRow",
    "Draft",
    "EndReason",
    "PaymentFrequency",
    "PaymentMethod",
    "PolicyDetail",
    "PolicyDocuments",
    "PolicyFilter",
    "PolicyMove",
    "PolicyPage",
    "PolicyRef",
    "PolicyRow",
    "Quote",
    "RiderRow",
    "Share",
    "activate_due",
    "add_document",
    "add_draft_document",
    "add_rider",
    "bring_in_due",
    "cancel",
    "change_beneficiaries",
    "change_payment",
    "check_shares",
    "claimed_by_death",
    "decline",
    "discard_draft",
    "documents",
    "draft",
    "draft_documents",
    "drafts",
    "end_rider",
    "gaps",
    "is_covered",
    "issue",
    "mature",
    "policies",
    "policy",
    "policy_number",
    "quote",
    "save_draft",
    "send_to_underwriting",
    "start_draft",
    "submit_draft",
    "withdraw_document",
]
