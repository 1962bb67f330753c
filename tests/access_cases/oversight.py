"""The audit log: whoever may read it reads all of it."""

from __future__ import annotations

from core import oversight
from core.access import Permission
from core.oversight import AuditFilter
from tests.access_cases.world import Case, for_all

AUDIT = Permission.AUDIT_VIEW

CASES: dict[str, Case] = {
    "oversight.read_audit": for_all(AUDIT, lambda by: oversight.read_audit(AuditFilter(), by=by)),
    "oversight.filter_choices": for_all(AUDIT, lambda by: oversight.filter_choices(by=by)),
    "oversight.check_chain": for_all(AUDIT, lambda by: oversight.check_chain(by=by)),
}
