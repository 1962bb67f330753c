"""Dossiers: a customer with everything that hangs on them; what spans sales, policies and claims."""

from core.dossiers.archiving import StillNeeded, archive, restore
from core.dossiers.identity import score_risk, verify_kyc
from core.dossiers.merging import MergeRow, merge, merges, undo_merge
from core.dossiers.records import EVENT_KINDS, Event, Item, NextStep, Overview, Timeline
from core.dossiers.timeline import timeline
from core.dossiers.views import overview

__all__ = [
    "EVENT_KINDS",
    "Event",
    "Item",
    "MergeRow",
    "NextStep",
    "Overview",
    "StillNeeded",
    "Timeline",
    "archive",
    "merge",
    "merges",
    "overview",
    "restore",
    "score_risk",
    "timeline",
    "undo_merge",
    "verify_kyc",
]
