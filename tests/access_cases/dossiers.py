"""Dossiers: a customer with everything that hangs on them."""

from __future__ import annotations

from core import dossiers
from core.access import Permission, Viewer
from core.customers.tables import CustomerMerge
from tests import factories as make
from tests.access_cases.world import MISSING, Case, Owner, about
from tests.factories.rows import put

VIEW, EDIT, MERGE = Permission.CUSTOMERS_VIEW, Permission.CUSTOMERS_EDIT, Permission.CUSTOMERS_MERGE


def customer(owner: Owner) -> int:
    return make.customer(**owner.row).id


def account(owner: Owner) -> int:
    return make.account(**owner.row).id


def pair(owner: Owner) -> tuple[int, int]:
    return customer(owner), customer(owner)


def merged(owner: Owner) -> int:
    kept, gone = pair(owner)
    moved = {"rows": {}, "relations": {"moved": [], "dropped": []}, "decisions": [], "contacts": []}
    return put(CustomerMerge(kept_id=kept, merged_id=gone, moved={**moved, "filled": []})).id


def verify(key: int, by: Viewer) -> object:
    return dossiers.verify_kyc(key, version=1, by=by)


CASES: dict[str, Case] = {
    "dossiers.overview": about(VIEW, customer, lambda key, by: dossiers.overview(key, by=by)),
    "dossiers.account_overview": about(
        VIEW, account, lambda key, by: dossiers.account_overview(key, by=by)
    ),
    "dossiers.account_history": about(
        VIEW, account, lambda key, by: dossiers.account_history(key, by=by) or True
    ),
    "dossiers.archive_account": about(
        EDIT, account, lambda key, by: dossiers.archive_account(key, version=1, reason="Moved", by=by)
    ),
    "dossiers.restore_account": about(
        EDIT, account, lambda key, by: dossiers.restore_account(key, version=1, by=by)
    ),
    "dossiers.timeline": about(VIEW, customer, lambda key, by: dossiers.timeline(key, by=by)),
    "dossiers.merges": about(VIEW, customer, lambda key, by: dossiers.merges(key, by=by) or True),
    "dossiers.archive": about(
        EDIT, customer, lambda key, by: dossiers.archive(key, version=1, reason="Moved", by=by)
    ),
    "dossiers.restore": about(EDIT, customer, lambda key, by: dossiers.restore(key, version=1, by=by)),
    "dossiers.score_risk": about(EDIT, customer, lambda key, by: dossiers.score_risk(key, by=by)),
    "dossiers.kyc_moves": about(VIEW, customer, lambda key, by: dossiers.kyc_moves(key, by=by) or True),
    "dossiers.verify_kyc": about(Permission.KYC_VERIFY, customer, verify),
    "dossiers.merge": about(
        MERGE,
        pair,
        lambda key, by: dossiers.merge(*key, reason="Same person", by=by),
        missing=(MISSING, MISSING - 1),
    ),
    "dossiers.undo_merge": about(MERGE, merged, lambda key, by: dossiers.undo_merge(key, by=by)),
}
