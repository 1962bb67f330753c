"""Reading the audit log: who did what to which record, and whether the log is whole."""

from core.oversight.views import (
    AuditFilter,
    AuditPage,
    AuditRow,
    ChainResult,
    check_chain,
    filter_choices,
    read_audit,
)

__all__ = [
    "AuditFilter",
    "AuditPage",
    "AuditRow",
    "ChainResult",
    "check_chain",
    "filter_choices",
    "read_audit",
]
