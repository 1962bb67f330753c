"""What crosses the front door of claims: notices of loss, queue rows and claims as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core.claims.rules import Ruling
from core.claims.tables import LossType
from core.documents import AskedDocument, DocumentRow
from core.kit.lifecycle import MoveOption, Tone


@dataclass(frozen=True, slots=True)
class NoticeOfLoss:
    """A claim as it is reported; estimated amount in US dollars."""

    policy_id: int
    loss_date: date
    loss_type: LossType
    description: str
    estimated_amount: Decimal
    loss_place: str = ""
    claimant_name: str = ""
    claimant_relation: str = ""
    has_cash_receipts: bool = False


@dataclass(frozen=True, slots=True)
class FlagRow:
    """A rule that fired on a claim."""

    kind: str
    code: str
    points: int
    explanation: str


@dataclass(frozen=True, slots=True)
class LikelyDuplicate:
    """A claim on the same policy that may be the same loss."""

    id: int
    number: str
    status_label: str
    loss_date: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Check:
    """What the system says of a notice of loss before it is sent."""

    flags: tuple[FlagRow, ...]
    duplicates: tuple[LikelyDuplicate, ...]
    fraud_points: int


@dataclass(frozen=True, slots=True)
class ClaimRef:
    """A claim that was written: its id, number and version as they are now."""

    id: int
    number: str
    version: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What an approval led to; `to` names who has to approve next, when somebody has."""

    ruling: Ruling
    ref: ClaimRef
    to: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """What it would amount to that the viewer approves a claim now, by the ruling that the act follows.

    `to` names who decides next, when somebody has to; `is_second` that the first of two approvals is
    there. Without a ruling they can't, and `hindered` says why. `raised` says so when they raised their
    own limit, and that is why somebody else decides.
    """

    ruling: Ruling | None
    to: str = ""
    is_second: bool = False
    hindered: str = ""
    raised: str = ""


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """Which claims; an empty field means all. Dates are inclusive on both ends."""

    text: str = ""
    statuses: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    assigned_to: tuple[int, ...] = ()
    unassigned: bool = False
    flagged: bool = False
    late: bool = False
    waits_for_me: bool = False
    open_only: bool = False
    policy_id: int | None = None
    customer_id: int | None = None
    reported_from: date | None = None
    reported_to: date | None = None


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim in the queue; age and what is left of the target in business days.

    It ages until it is decided, and only what is undecided has anything left of its target.
    """

    id: int
    number: str
    status: str
    status_label: str
    tone: Tone
    line: str
    loss_type: str
    policy_id: int
    policy_number: str
    customer_id: int
    customer: str
    product: str
    loss_date: date
    reported_date: date
    age_days: int
    target_on: date | None
    days_left: int | None
    estimated_amount: Decimal
    approved_amount: Decimal | None
    reserve_amount: Decimal
    paid_amount: Decimal
    assignee_id: int | None
    assignee: str
    fraud_points: int
    flag_codes: tuple[str, ...]
    waits_for_me: bool
    version: int

    @property
    def incurred(self) -> Decimal:
        """Paid and outstanding, US dollars."""
        return self.paid_amount + self.reserve_amount

    @property
    def is_late(self) -> bool:
        """Whether it is undecided past its target."""
        return self.days_left is not None and self.days_left < 0


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """A page of the queue, with totals over all that match; US dollars."""

    rows: tuple[ClaimRow, ...]
    total: int
    reserve: Decimal
    after: str | None


@dataclass(frozen=True, slots=True)
class EventRow:
    """Something that happened on a claim, newest first."""

    at: datetime
    who: str
    kind: str
    amount: Decimal | None
    note: str


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment on a claim."""

    id: int
    amount: Decimal
    paid_on: date
    payee: str
    reference: str
    paid_by: str


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A thing to do on a claim."""

    id: int
    title: str
    due_on: date | None
    assignee_id: int | None
    assignee: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class ClaimDetail:
    """Everything about one claim that the viewer may see.

    `own_limit` is what the viewer may approve alone in the claim's line, US dollars, without what they
    raised themselves; `hand_in` says after "You" what they had to do with it and so can't decide it: they
    reported or assessed it, say.
    `approval` is what their approval would amount to, while the claim waits for one and their role gives
    any. `proofs` are the documents that the loss asks for; `withdrawn` ones stand apart from the
    `documents` and count for nothing. `payment_held` says why nothing is paid on an approved claim for
    the time being.
    """

    row: ClaimRow
    claimant_name: str
    claimant_relation: str
    loss_place: str
    description: str
    assessed_amount: Decimal | None
    assessed_by: str
    first_approved_by: str
    passed_to: str
    rejection_code: str
    rejection_letter: str
    agent_id: int | None
    flags: tuple[FlagRow, ...]
    duplicates: tuple[LikelyDuplicate, ...]
    events: tuple[EventRow, ...]
    payments: tuple[PaymentRow, ...]
    tasks: tuple[TaskRow, ...]
    moves: tuple[MoveOption, ...]
    keeps_open: tuple[str, ...]
    own_limit: Decimal
    hand_in: str
    approval: Approval | None = None
    documents: tuple[DocumentRow, ...] = ()
    withdrawn: tuple[DocumentRow, ...] = ()
    proofs: tuple[AskedDocument, ...] = ()
    payment_held: str = ""


@dataclass(frozen=True, slots=True)
class Handler:
    """Somebody who can be given claims."""

    user_id: int
    name: str
    role: str
