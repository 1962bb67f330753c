"""Claims: from first notice of loss to closing, with authority and fraud points."""

from core.claims.actions import (
    add_note,
    assign,
    mark_document_anomaly,
    set_reserve,
)
from core.claims.authorities import (
    APPROVING_ROLES,
    AuthorityLimit,
    authority_limits,
    set_authority,
)
from core.claims.decisions import (
    approve,
    assess,
    collect_documents,
    investigate,
    reject,
    take_back,
)
from core.claims.notices import MOST_DOCUMENTS, check_notice, losses, notice_problems, report
from core.claims.papers import (
    add_document,
    named_files,
    open_document,
    verify_document,
    withdraw_document,
)
from core.claims.payments import close, pay, reopen, withdraw
from core.claims.proofs import DOCUMENT_KINDS, REQUIRED
from core.claims.records import (
    Approval,
    Check,
    ClaimDetail,
    ClaimFilter,
    ClaimPage,
    ClaimRef,
    ClaimRow,
    Decision,
    FlagRow,
    Handler,
    LikelyDuplicate,
    NoticeOfLoss,
    TaskRow,
)
from core.claims.rules import (
    INVESTIGATE_FROM,
    REJECTION_REASONS,
    Cover,
    Ruling,
    contradiction,
    cover_flags,
    insured_losses,
    not_insured,
)
from core.claims.status import CLAIM
from core.claims.tables import LossType
from core.claims.tasks import add_task, assign_task, finish_task, task_takers
from core.claims.views import claim, handlers, queue

__all__ = [
    "APPROVING_ROLES",
    "CLAIM",
    "DOCUMENT_KINDS",
    "INVESTIGATE_FROM",
    "MOST_DOCUMENTS",
    "REJECTION_REASONS",
    "REQUIRED",
    "Approval",
    "AuthorityLimit",
    "Check",
    "ClaimDetail",
    "ClaimFilter",
    "ClaimPage",
    "ClaimRef",
    "ClaimRow",
    "Cover",
    "Decision",
    "FlagRow",
    "Handler",
    "LikelyDuplicate",
    "LossType",
    "NoticeOfLoss",
    "Ruling",
    "TaskRow",
    "add_document",
    "add_note",
    "add_task",
    "approve",
    "assess",
    "assign",
    "assign_task",
    "authority_limits",
    "check_notice",
    "claim",
    "close",
    "collect_documents",
    "contradiction",
    "cover_flags",
    "finish_task",
    "handlers",
    "insured_losses",
    "investigate",
    "losses",
    "mark_document_anomaly",
    "named_files",
    "not_insured",
    "notice_problems",
    "open_document",
    "pay",
    "queue",
    "reject",
    "reopen",
    "report",
    "set_authority",
    "set_reserve",
    "take_back",
    "task_takers",
    "verify_document",
    "withdraw",
    "withdraw_document",
]
