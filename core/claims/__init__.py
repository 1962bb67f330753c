"""Claims: from first notice of loss to closing, with authority and fraud points."""

from core.claims.actions import (
    add_note,
    add_task,
    assign,
    check_notice,
    finish_task,
    mark_document_anomaly,
    report,
    set_reserve,
)
from core.claims.decisions import (
    approve,
    assess,
    close,
    collect_documents,
    investigate,
    pay,
    reject,
    reopen,
    withdraw,
)
from core.claims.records import (
    Check,
    ClaimDetail,
    ClaimFilter,
    ClaimPage,
    ClaimRef,
    ClaimRow,
    Decision,
    NoticeOfLoss,
)
from core.claims.rules import LOSSES_BY_LINE, REJECTION_REASONS, Ruling
from core.claims.status import CLAIM
from core.claims.tables import LossType
from core.claims.views import claim, queue

__all__ = [
    "CLAIM",
    "LOSSES_BY_LINE",
    "REJECTION_REASONS",
    "Check",
    "ClaimDetail",
    "ClaimFilter",
    "ClaimPage",
    "ClaimRef",
    "ClaimRow",
    "Decision",
    "LossType",
    "NoticeOfLoss",
    "Ruling",
    "add_note",
    "add_task",
    "approve",
    "assess",
    "assign",
    "check_notice",
    "claim",
    "close",
    "collect_documents",
    "finish_task",
    "investigate",
    "mark_document_anomaly",
    "pay",
    "queue",
    "reject",
    "reopen",
    "report",
    "set_reserve",
    "withdraw",
]
