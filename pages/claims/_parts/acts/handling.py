"""The work on a claim: who has it, notes, tasks, and a document that is not as it should be."""

from __future__ import annotations

import streamlit as st

from core import claims
from core.access import Viewer
from core.claims import ClaimDetail, TaskRow
from pages._ui import format as fmt
from pages._ui import forms, viewing
from pages.claims._parts import narrowing
from pages.claims._parts.acts.act import Act, told


def _handler(detail: ClaimDetail) -> dict[str, object]:
    return {"assigned_to": str(detail.row.assignee_id) if detail.row.assignee_id else None}


def _assign_fields(form: forms.Form, _detail: ClaimDetail, viewer: Viewer) -> None:
    form.choice(
        "assigned_to", "Hand to", narrowing.handler_options(viewer), required="Choose who takes it."
    )


def _assign(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    del version
    claims.assign([detail.row.id], to=int(form.values["assigned_to"]), by=viewer)
    return told(detail, "handed over")


ASSIGN = Act("Hand over", ":material/person_pin_circle:", _assign_fields, _assign, starts=_handler)


def _note_fields(form: forms.Form, _detail: ClaimDetail, _viewer: Viewer) -> None:
    form.area("note", "Note", required="Write something.")


def _note(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    del version
    claims.add_note(detail.row.id, form.values["note"], request_id=form.request_id, by=viewer)
    return "Note added"


NOTE = Act("Write a note", ":material/note_add:", _note_fields, _note)


def _task_fields(form: forms.Form, detail: ClaimDetail, viewer: Viewer) -> None:
    form.text("title", "What is to be done?", required="Say what is to be done.", max_chars=None)
    form.date("due_on", "By")
    form.choice("assigned_to", "Who", narrowing.options_of(claims.task_takers(detail.row.id, by=viewer)))


def _task(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    del version
    values = form.values
    who = int(values["assigned_to"]) if values["assigned_to"] else None
    claims.add_task(
        detail.row.id,
        values["title"],
        due_on=values["due_on"],
        assigned_to=who,
        request_id=form.request_id,
        by=viewer,
    )
    return "Task added"


TASK = Act("Add a task", ":material/add_task:", _task_fields, _task, starts=_handler)


def hand_on(task: TaskRow) -> Act:
    """To give a task to somebody else."""

    def fields(form: forms.Form, detail: ClaimDetail, viewer: Viewer) -> None:
        st.markdown(f"**{fmt.plain(task.title)}**")
        who = narrowing.options_of(claims.task_takers(detail.row.id, by=viewer))
        form.choice("assigned_to", "Hand to", who, required="Choose who takes it.")

    def do(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
        del version
        has_it = form.start("from")
        if form.told is not None:
            # Who was told that somebody else has it by now means them.
            now = claims.claim(detail.row.id, by=viewer, today=viewing.today())
            has_it = next(one.assignee_id for one in now.tasks if one.id == task.id)
        claims.assign_task(
            detail.row.id, task.id, from_=has_it, to=int(form.values["assigned_to"]), by=viewer
        )
        return "Task handed on"

    def starts(_detail: ClaimDetail) -> dict[str, object]:
        return {"from": task.assignee_id}

    return Act("Hand on", ":material/forward:", fields, do, starts=starts)


def _anomaly_fields(form: forms.Form, _detail: ClaimDetail, _viewer: Viewer) -> None:
    form.area(
        "explanation",
        "What is wrong with which document?",
        required="Say what is wrong.",
        max_chars=1000,
    )


def _anomaly(form: forms.Form, detail: ClaimDetail, version: int, viewer: Viewer) -> str:
    del version
    claims.mark_document_anomaly(detail.row.id, form.values["explanation"], by=viewer)
    return told(detail, "marked; 20 fraud points")


ANOMALY = Act("Mark a document anomaly", ":material/report:", _anomaly_fields, _anomaly, is_main=False)
