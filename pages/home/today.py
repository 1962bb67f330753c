"""Home: what needs the viewer today, each a link; the figures of the month for who may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from core import jobs, sales, worklist
from core.access import Permission, Viewer
from core.kit.dates import utc_now
from core.kit.settings import settings
from pages._ui import analysis, empty, errors, guard, menu, overview, page, viewing
from pages._ui import format as fmt
from pages.sales._parts import words
from queries import NoWarehouse, published

SHOWN_AT_FIRST = 5
FETCHED = 30
WORKING = (Permission.LEADS_EDIT, Permission.CLAIMS_HANDLE, Permission.POLICIES_ISSUE)
HEADLINES = ("new_deals", "won_value", "win_rate", "weighted_pipeline")


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of work: its heading, its icon, and how one of it is counted in the greeting."""

    kind: str
    title: str
    icon: str
    told: str = ""


NOW = (
    Section("claim_to_approve", "Claims that wait for a decision", "gavel", "to approve"),
    Section("claim_near_target", "Claims near their target", "timer", "near target"),
    Section("policy_to_issue", "Applications to issue", "assignment", "to issue"),
    Section("rates_to_approve", "Rates to approve", "percent", "rates"),
    Section("followup_overdue", "Overdue follow-ups", "event_busy", "overdue"),
    Section("appointment_today", "Appointments today", "event", "appointment"),
    Section("followup_today", "Follow-ups due today", "call", "due today"),
    Section("unassigned", "New leads without an owner", "person_off", "without an owner"),
    Section("draft", "Policy entries to finish", "edit_document"),
)
LATER = (
    Section("rotting", "Leads that wait too long", "hourglass_bottom"),
    Section("rotting_opportunity", "Opportunities that wait too long", "hourglass_bottom"),
    Section("followup_missed", "Missed, and nothing planned since", "phone_missed"),
    Section("appointment_tomorrow", "Appointments tomorrow", "event_upcoming"),
    Section("document_to_verify", "Documents to verify", "verified_user"),
    Section("kyc_review", "Identity checks to review", "badge"),
    Section("renewal", "Renewals within 30 days", "autorenew"),
    Section("birthday", "Birthdays within 30 days", "cake"),
)
# What stands still says for how long itself; a date beside it would say it twice.
WITHOUT_DATE = frozenset({"rotting", "rotting_opportunity"})
# Due on a day, at no particular hour.
BY_DAY = frozenset(
    {
        "claim_to_approve",
        "claim_near_target",
        "rates_to_approve",
        "document_to_verify",
        "kyc_review",
        "renewal",
        "birthday",
    }
)


def main() -> None:
    """The whole page."""
    viewer = guard.viewer(Permission.HOME_VIEW)
    now, zone = utc_now(), viewing.zone()
    first_name = fmt.plain(viewer.name.split(" ")[0])
    day = worklist.worklist(by=viewer, now=now, limit=FETCHED)
    works = any(viewer.can(one) for one in WORKING)
    subtitle = f"{viewing.local(now, zone):%A, %B} {viewing.local(now, zone).day}"
    page.head(f"{words.greeting(now, zone)}, {first_name}", f"{subtitle}{_counts(day)}")
    if works:
        _work(day, viewer, now, zone)
    if viewer.can(Permission.KPIS_VIEW):
        _figures(viewer, zone)
    if not viewer.can(Permission.LEADS_EDIT):
        _pages(viewer)


def _counts(day: sales.MyDay) -> str:
    found = [(day.counts.get(section.kind, 0), section) for section in NOW]
    told = [
        fmt.counted(count, "appointment") if section.told == "appointment" else f"{count} {section.told}"
        for count, section in found
        if count
    ]
    return " · ".join(["", *told]) if told else ""


def _work(day: sales.MyDay, viewer: Viewer, now: datetime, zone: str) -> None:
    if not any(day.counts.values()):
        empty.state(
            "Nothing waits for you today.",
            icon=":material/task_alt:",
            hint="What is due, waits for a decision or stands still shows up here.",
            action=("Open the pipeline", _to_pipeline) if viewer.can(Permission.LEADS_VIEW) else None,
            key="today",
        )
        return
    grid = st.grid(2, min_column_width=360, gap="medium")
    for sections in (NOW, LATER):
        shown = [section for section in sections if day.counts.get(section.kind)]
        if not shown:
            continue
        with grid.cell():
            for section in shown:
                items = [item for item in day.items if item.kind == section.kind]
                _section(section, items, day.counts[section.kind], viewer, now=now, zone=zone)


def _to_pipeline() -> None:
    menu.go("pipeline")


def _section(
    section: Section,
    items: Sequence[sales.WorkItem],
    count: int,
    viewer: Viewer,
    *,
    now: datetime,
    zone: str,
) -> None:
    opened = f"today.{section.kind}.all"
    with st.container(border=True, gap="xsmall"):
        st.subheader(f":material/{section.icon}: {section.title} · {fmt.number(count)}", anchor=False)
        shown = items if st.session_state.get(opened) else items[:SHOWN_AT_FIRST]
        for item in shown:
            _item(item, viewer, now=now, zone=zone)
        if len(shown) < len(items):
            st.button(
                f"Show {fmt.number(len(items) - len(shown))} more",
                key=f"{opened}.button",
                type="tertiary",
                on_click=st.session_state.__setitem__,
                args=(opened, True),
            )
        elif count > len(items):
            st.caption(f"The first {fmt.number(len(items))} of {fmt.number(count)}.")


def _item(item: sales.WorkItem, viewer: Viewer, *, now: datetime, zone: str) -> None:
    label, told = f"**{fmt.plain(item.title)}**", [fmt.plain(item.reason)]
    if item.due is not None and item.kind not in WITHOUT_DATE:
        on = viewing.local(item.due, settings().time_zone).date()
        when = fmt.plain(fmt.day(on) if item.kind in BY_DAY else words.when(item.due, now, zone))
        # A link does not wrap: what matters most comes before what a phone cuts off.
        label = f"{f':red[{when}]' if item.is_overdue else when} · {label}"
    if item.value is not None:
        told.append(fmt.plain(fmt.money_whole(item.value)))
    known = {one.slug for one in menu.allowed(viewer)}
    with st.container(gap=None):
        if item.link.page in known:
            st.page_link(
                menu.page_for(item.link.page),
                label=label,
                query_params=dict(item.link.params),
                width="stretch",
            )
        else:
            st.markdown(label)
        st.caption(" · ".join(told))


def _figures(viewer: Viewer, zone: str) -> None:
    """The month so far, as the KPI page has it, and how fresh it is (quality.md D25)."""
    head = page.section("This month")
    known = jobs.freshness(by=viewer)
    page.stale_banner(known.refreshed_at, failed_at=known.failed_at, zone=zone)
    try:
        at = published()
    except NoWarehouse as refusal:
        empty.state(refusal.message, icon=":material/monitoring:", hint=refusal.remedy, key="figures")
        return
    with head:
        st.caption(f"Refreshed {fmt.moment(at.snapshot_at, zone)}")
        st.page_link(menu.page_for("kpis"), label="All KPIs", icon=":material/monitoring:")
    today = viewing.today()
    with errors.told():
        overview.Overview(viewer, at, analysis.this_month(today), today).tiles(HEADLINES, key="today.kpis")


def _pages(viewer: Viewer) -> None:
    """What the viewer can do here, for those who have no list of work."""
    found = [row for row in menu.allowed(viewer) if row.slug != menu.HOME and not row.is_hidden]
    page.section("Where to go")
    grid = st.grid("auto", min_column_width=260, gap="small")
    for row in found:
        with grid.cell(), st.container(border=True, height="stretch", gap="xxsmall"):
            st.page_link(menu.page_for(row.slug), label=f"**{row.title}**", icon=row.icon)
            st.caption(row.description)


main()
