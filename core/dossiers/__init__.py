"""Dossiers: a customer with everything that hangs on them; what spans sales, policies and claims."""

from core.dossiers.accounts import (
    AccountEvent,
    AccountOverview,
    account_history,
    account_overview,
    archive_account,
    restore_account,
)
from core.dossiers.archiving import StillNeeded, archive, restore
from core.dossiers.identity import follow_cover, kyc_moves, score_risk, verify_kyc
from core.dossiers.merging import MergeRow, merge, merges, undo_merge
from core.dossiers.records import EVENT_KINDS, Event, Item, NextStep, Overview, Timeline
from core.dossiers.timeline import timeline
from core.dossiers.views import overview

__all__ = [
    "EVENT_KINDS",
    "AccountEvent",
    "AccountOverview",
    "Event",
    "Item",
    "MergeRow",
    "NextStep",
    "Overview",
    "StillNeeded",
    "Timeline",
    "account_history",
    "account_overview",
    "archive",
    "archive_account",
    "follow_cover",
    "kyc_moves",
    "merge",
    "merges",
    "overview",
    "restore",
    "restore_account",
    "score_risk",
    "timeline",
    "undo_merge",
    "verify_kyc",
]
