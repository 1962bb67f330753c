"""Policies: entry, lifecycle, riders, beneficiaries and dated changes."""

from core.policies.actions import (
    activate_due,
    cancel,
    claimed_by_death,
    issue,
    mature,
    send_to_underwriting,
)
from core.policies.changes import add_rider, change_beneficiaries, change_payment, end_rider
from core.policies.drafts import (
    discard_draft,
    draft,
    drafts,
    quote,
    save_draft,
    start_draft,
    submit_draft,
)
from core.policies.records import (
    STEPS,
    Application,
    BeneficiaryRow,
    Draft,
    PolicyDetail,
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
    "Draft",
    "EndReason",
    "PaymentFrequency",
    "PaymentMethod",
    "PolicyDetail",
    "PolicyFilter",
    "PolicyMove",
    "PolicyPage",
    "PolicyRef",
    "PolicyRow",
    "Quote",
    "RiderRow",
    "Share",
    "activate_due",
    "add_rider",
    "cancel",
    "change_beneficiaries",
    "change_payment",
    "check_shares",
    "claimed_by_death",
    "discard_draft",
    "draft",
    "drafts",
    "end_rider",
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
]
