"""Claims."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from core import claims, documents
from core.access import Permission, Viewer
from core.claims.tables import ClaimDocument, ClaimTask, LossType
from core.demo.documents import pdf
from core.kit.ids import new_request_id
from tests import factories as make
from tests.access_cases.world import MISSING, Case, Owner, about, for_all
from tests.factories.rows import put

NOW, TODAY = datetime(2026, 3, 16, 15, 0, tzinfo=UTC), date(2026, 3, 16)
VIEW, REPORT = Permission.CLAIMS_VIEW, Permission.CLAIMS_REPORT
HANDLE, APPROVE = Permission.CLAIMS_HANDLE, Permission.CLAIMS_APPROVE


def policy(owner: Owner) -> int:
    return make.policy(owner.user, territory_id=owner.area.id).id


def claim(owner: Owner) -> int:
    return make.claim(make.policy(owner.user, territory_id=owner.area.id)).id


def task(owner: Owner) -> tuple[int, int]:
    on = claim(owner)
    return on, put(ClaimTask(claim_id=on, title="Call the garage")).id


def document(owner: Owner) -> int:
    file = documents.store(pdf("Invoice"), "invoice.pdf")
    uploader = make.user(name="Una Upload")
    return put(
        ClaimDocument(
            claim_id=claim(owner), document_type="invoice", document_name="invoice.pdf",
            file_path=file.path, uploaded_by=uploader.id,
        )
    ).id  # fmt: skip


def upload(key: int, by: Viewer) -> object:
    return claims.add_document(
        key, kind="invoice", name="invoice.pdf", content=pdf("Invoice"), request_id=new_request_id(), by=by
    )


def at_1(**options: Any) -> dict[str, Any]:
    return {"version": 1, "now": NOW, **options}


def notice(policy_id: int) -> claims.NoticeOfLoss:
    return claims.NoticeOfLoss(policy_id, TODAY, LossType.OTHER, "Hail", Decimal(100))


def pay(key: int, by: Viewer) -> object:
    return claims.pay(
        key,
        Decimal(100),
        payee="Carla",
        payment_reference="R1",
        paid_on=TODAY,
        request_id=new_request_id(),
        by=by,
        now=NOW,
    )


def queued(key: int, by: Viewer) -> bool:
    found = claims.queue(claims.ClaimFilter(), by=by, today=TODAY, limit=500)
    return key in {row.id for row in found.rows}


CASES: dict[str, Case] = {
    "claims.add_document": about(Permission.DOCUMENTS_UPLOAD, claim, upload),
    "claims.open_document": about(
        Permission.DOCUMENTS_VIEW, document, lambda key, by: claims.open_document(key, by=by)
    ),
    "claims.verify_document": about(HANDLE, document, lambda key, by: claims.verify_document(key, by=by)),
    "claims.withdraw_document": about(
        Permission.DOCUMENTS_UPLOAD,
        document,
        lambda key, by: claims.withdraw_document(key, reason="Wrong", by=by),
    ),
    "claims.handlers": for_all(VIEW, lambda by: claims.handlers(by=by)),
    "claims.losses": about(REPORT, policy, lambda key, by: claims.losses(key, by=by)),
    "claims.queue": about(VIEW, claim, queued),
    "claims.claim": about(VIEW, claim, lambda key, by: claims.claim(key, by=by, today=TODAY)),
    "claims.check_notice": about(
        REPORT, policy, lambda key, by: claims.check_notice(notice(key), by=by, today=TODAY)
    ),
    "claims.report": about(
        REPORT,
        policy,
        lambda key, by: claims.report(notice(key), request_id=new_request_id(), by=by, now=NOW),
    ),
    "claims.withdraw": about(
        REPORT, claim, lambda key, by: claims.withdraw(key, reason="Settled", **at_1(), by=by)
    ),
    "claims.assign": about(HANDLE, claim, lambda key, by: claims.assign([key], to=None, by=by, now=NOW)),
    "claims.add_note": about(
        HANDLE,
        claim,
        lambda key, by: claims.add_note(key, "Called", request_id=new_request_id(), by=by),
    ),
    "claims.add_task": about(
        HANDLE,
        claim,
        lambda key, by: claims.add_task(
            key, "Call", due_on=None, assigned_to=None, request_id=new_request_id(), by=by
        ),
    ),
    "claims.task_takers": about(HANDLE, claim, lambda key, by: claims.task_takers(key, by=by)),
    "claims.assign_task": about(
        HANDLE,
        task,
        lambda key, by: claims.assign_task(*key, from_=None, to=by.user_id, by=by),
        missing=(MISSING, MISSING),
    ),
    "claims.finish_task": about(
        HANDLE, task, lambda key, by: claims.finish_task(*key, by=by), missing=(MISSING, MISSING)
    ),
    "claims.set_reserve": about(
        HANDLE,
        claim,
        lambda key, by: claims.set_reserve(key, Decimal(100), reason="First", **at_1(), by=by),
    ),
    "claims.mark_document_anomaly": about(
        HANDLE, claim, lambda key, by: claims.mark_document_anomaly(key, "Date changed", by=by)
    ),
    "claims.collect_documents": about(
        HANDLE, claim, lambda key, by: claims.collect_documents(key, **at_1(), by=by)
    ),
    "claims.investigate": about(
        HANDLE, claim, lambda key, by: claims.investigate(key, reason="Odd", **at_1(), by=by)
    ),
    "claims.assess": about(
        HANDLE,
        claim,
        lambda key, by: claims.assess(key, Decimal(100), **at_1(), by=by),
    ),
    "claims.pay": about(HANDLE, claim, pay),
    "claims.close": about(HANDLE, claim, lambda key, by: claims.close(key, **at_1(), by=by)),
    "claims.approve": about(APPROVE, claim, lambda key, by: claims.approve(key, **at_1(), by=by)),
    "claims.reject": about(
        APPROVE, claim, lambda key, by: claims.reject(key, code="", letter="No", **at_1(), by=by)
    ),
    "claims.take_back": about(
        APPROVE, claim, lambda key, by: claims.take_back(key, reason="Wrong", **at_1(), by=by)
    ),
    "claims.reopen": about(
        APPROVE, claim, lambda key, by: claims.reopen(key, evidence="Photos", **at_1(), by=by)
    ),
}
