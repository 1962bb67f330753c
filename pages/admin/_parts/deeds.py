"""What the audit log's codes say in words: the one table of labels for what people and the system did."""

from __future__ import annotations

from types import MappingProxyType

# What can't be told as "noun, what became of it".
LABELS = MappingProxyType(
    {
        "access.sign_in": "Signed in",
        "agent.arrive": "Agent joined the team",
        "agent.keep": "Planned move taken back",
        "agent.move": "Agent moved",
        "claim.finish_task": "Claim task done",
        "claim.first_approval": "Claim approved as the first of two",
        "claim.flag": "Document anomaly marked",
        "claim.pass_on": "Claim passed on",
        "claim.reserve": "Claim reserve set",
        "claim_authority.set": "Approval limit set",
        "customer.consent": "Consent recorded",
        "customer.not_duplicate": "Customer is no duplicate",
        "customer.relate": "Relation added",
        "customer.score": "Customer risk scored",
        "customer.undo_merge": "Merge of customers undone",
        "customer.unrelate": "Relation removed",
        "demo.fill": "Demo data filled in",
        "duplicates.compare": "Customers compared",
        "holiday.add": "Closing day added",
        "holiday.remove": "Closing day removed",
        "imports.chunk": "Rows imported",
        "imports.end": "Import ended",
        "imports.revert": "Import taken back",
        "imports.save_template": "Import template saved",
        "imports.start": "Import started",
        "imports.stop": "Import stopped",
        "people.change_password": "Password changed",
        "people.create_user": "User created",
        "people.deactivate": "User deactivated",
        "people.delete_view": "Saved view deleted",
        "people.end_session": "Session ended",
        "people.end_sessions": "Sessions ended",
        "people.reactivate": "User reactivated",
        "people.reset_password": "Password reset",
        "people.save_view": "View saved",
        "people.set_role": "Role changed",
        "people.sign_out_everywhere": "Signed out everywhere",
        "policy.apply": "Policy applied for",
        "policy.change_in_force": "Policy changed",
        "product_rate.enter": "Rates entered",
        "refresh.start": "Refresh of data started",
        "territory.move": "Territory moved",
    }
)
# What became of a record; a verb may be followed by what it was done to: add_note, open_document.
DONE = MappingProxyType(
    {
        "add": "added",
        "apply": "applied",
        "approve": "approved",
        "archive": "archived",
        "assign": "assigned",
        "carry": "carried over",
        "change": "changed",
        "create": "created",
        "delete": "deleted",
        "edit": "edited",
        "export": "exported",
        "log": "logged",
        "merge": "merged",
        "move": "status changed",
        "open": "opened",
        "pay": "paid",
        "reactivate": "reactivated",
        "remove": "removed",
        "report": "reported",
        "reschedule": "rescheduled",
        "restore": "restored",
        "retire": "retired",
        "reveal": "revealed",
        "set": "set",
        "submit": "submitted",
        "upload": "uploaded",
        "verify": "verified",
        "withdraw": "withdrawn",
    }
)


def noun(entity: str) -> str:
    """A kind of record as people call it."""
    named = {"claim_authority": "Approval limit", "followup": "Follow-up", "holiday": "Closing day"}
    return named.get(entity) or entity.removesuffix("s").replace("_", " ").capitalize()


def told(code: str) -> str:
    """What was done, in words; a code that nobody gave words is made readable."""
    if code in LABELS:
        return LABELS[code]
    entity, _, deed = code.partition(".")
    verb, _, thing = deed.partition("_")
    if verb not in DONE:
        return ": ".join(part for part in (noun(entity), deed.replace("_", " ")) if part)
    return " ".join(part for part in (noun(entity), thing.replace("_", " "), DONE[verb]) if part)
