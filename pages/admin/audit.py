"""Audit log: who did what to which record, and whether the log is whole."""

from __future__ import annotations

from core import oversight
from core.access import Permission, Viewer
from pages._ui import filters, guard, page, viewing
from pages.admin._parts import audit_chain, audit_rows, deeds


def sought(viewer: Viewer) -> oversight.AuditFilter:
    """The filters, as the address has them."""
    entities, actions, people = oversight.filter_choices(by=viewer)
    with filters.bar():
        record = filters.text("Record", key="record", placeholder="Code or number")
        entity = filters.choose(
            "Kind", [filters.Option(one, deeds.noun(one)) for one in entities], key="kind"
        )
        actor = filters.choose("Who", [filters.Option(str(key), name) for key, name in people], key="who")
        done = sorted((filters.Option(one, deeds.told(one)) for one in actions), key=lambda one: one.label)
        action = filters.choose("What", done, key="what")
        span = filters.span("When", viewing.today(), key="when")
    return oversight.AuditFilter(
        entity=entity,
        record=record,
        actor_id=int(actor) if actor else None,
        action=action,
        first_day=span.start if span else None,
        last_day=span.last_day if span else None,
    )


viewer = guard.viewer(Permission.AUDIT_VIEW)
page.head("Audit log", "Who did what, when; nobody can change or delete it")
audit_chain.check()
audit_rows.show(sought(viewer), viewer)
