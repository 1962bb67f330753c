"""Home: what needs the viewer today, each a link; the figures of the month for who may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
# What a section's heading and foot take, in rows.
HEAD_ROWS = 2
# How many of a kind are asked for at first, and each time that more are wanted.
FETCHED = 30
LIMIT = "today.limit"
# Pixels to where the text of a link begins, after its icon.
INDENT = 29
WORKING = (Permission.LEADS_EDIT, Permission.CLAIMS_HANDLE, Permission.POLICIES_ISSUE)
HEADLINES = ("new_deals", "won_value", "win_rate", "weighted_pipeline", "annual_premium")
DEVELOPMENT = ("won_value", "won_count", "new_deals", "win_rate")
ELSEWHERE = frozenset({menu.HOME, "account"})


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of work: its heading, its icon, how one of it is counted in the greeting, and the
    page with all of it: its slug and its filters.
    """

    kind: str
    title: str
    icon: str
    told: str = ""
    all_on: tuple[str, Mapping[str, str]] | None = None


_STANDING = {"view": "list", "waiting": "standing", "sort": "stage_age"}
NOW = (
    Section(
        "claim_to_approve", "Claims that wait for a decision", "gavel", "to approve",
        ("claims", {"view": "all", "status": "assessed"}),
    ),
    Section(
        "claim_near_target", "Claims near their target", "timer", "near target",
        ("claims", {"view": "open"}),
    ),
    Section(
        "policy_to_issue", "Applications to issue", "assignment", "to issue",
        ("policies", {"status": "underwriting"}),
    ),
    Section("rates_to_approve", "Rates to approve", "percent", "rates", ("products", {})),
    Section(
        "followup_overdue", "Overdue follow-ups", "event_busy", "overdue",
        ("pipeline", {"view": "list", "waiting": "overdue", "sort": "next_followup"}),
    ),
    Section("appointment_today", "Appointments today", "event", "appointment"),
    Section(
        "followup_today", "Follow-ups due today", "call", "due today",
        ("pipeline", {"view": "list", "waiting": "today", "sort": "next_followup"}),
    ),
    Section(
        "unassigned", "New leads without an owner", "person_off", "without an owner",
        ("pipeline", {"view": "list", "owner": "none", "status": "new", "sort": "oldest"}),
    ),
    Section("draft", "Policy entries to finish", "edit_document", "to finish"),
)  # fmt: skip
LATER = (
    Section(
        "rotting", "Leads that wait too long", "hourglass_bottom", all_on=("pipeline", _STANDING)
    ),
    Section(
        "rotting_opportunity", "Opportunities that wait too long", "hourglass_bottom",
        all_on=("opportunities", _STANDING),
    ),
    Section("followup_missed", "Missed, and nothing planned since", "phone_missed"),
    Section("appointment_tomorrow", "Appointments tomorrow", "event_upcoming"),
    Section("document_to_verify", "Documents to verify", "verified_user"),
    Section("kyc_review", "Identity checks to review", "badge"),
    Section("renewal", "Renewals within 30 days", "autorenew"),
    Section("birthday", "Birthdays within 30 days", "cake"),
)  # fmt: skip
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
    day = worklist.worklist(by=viewer, now=now, limit=st.session_state.get(LIMIT, FETCHED))
    subtitle = f"{viewing.local(now, zone):%A, %B} {viewing.local(now, zone).day}"
    page.head(f"{words.greeting(now, zone)}, {first_name}", f"{subtitle}{_counts(day)}")
    if _works(viewer):
        _work(day, viewer, now, zone)
    if viewer.can(Permission.KPIS_VIEW):
        _figures(viewer, zone)
    if not viewer.can(Permission.LEADS_EDIT):
        _pages(viewer)


def _works(viewer: Viewer) -> bool:
    """Whether the viewer has a list of work, or looks on."""
    return any(viewer.can(one) for one in WORKING)


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
    for sections in _columns(day):
        with grid.cell():
            for section in sections:
                items = [item for item in day.items if item.kind == section.kind]
                _section(section, items, day.counts[section.kind], viewer, now=now, zone=zone)


def _columns(day: sales.MyDay) -> list[list[Section]]:
    """What is urgent on the left; the rest wherever there is more room, about as long on both sides."""
    columns: list[list[Section]] = [[], []]
    lengths = [0, 0]
    for section in (*NOW, *LATER):
        count = day.counts.get(section.kind, 0)
        if count:
            at = 0 if section in NOW else int(lengths[1] <= lengths[0])
            columns[at].append(section)
            lengths[at] += HEAD_ROWS + min(count, SHOWN_AT_FIRST)
    return [column for column in columns if column]


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
        _rest(section, len(shown), len(items), count, viewer)


def _rest(section: Section, shown: int, fetched: int, count: int, viewer: Viewer) -> None:
    """The way to what is not shown: more of it here, or all of it on its own page."""
    if shown == count:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        more = min(fetched, count) - shown or min(FETCHED, count - shown)
        st.button(
            f"Show {fmt.number(more)} more",
            key=f"today.{section.kind}.more",
            type="tertiary",
            on_click=_show_more,
            args=(section.kind, fetched if shown == fetched else None),
        )
        page_of_all = section.all_on
        if page_of_all is not None and page_of_all[0] in _slugs(viewer):
            st.page_link(
                menu.page_for(page_of_all[0]),
                label="See all",
                icon=":material/list:",
                query_params=dict(page_of_all[1]),
                width="content",
            )


def _show_more(kind: str, fetched: int | None) -> None:
    """Open what was fetched of a kind; when all of that is shown, fetch more from now on."""
    st.session_state[f"today.{kind}.all"] = True
    if fetched is not None:
        st.session_state[LIMIT] = fetched + FETCHED


def _slugs(viewer: Viewer) -> frozenset[str]:
    return frozenset(one.slug for one in menu.allowed(viewer))


def _item(item: sales.WorkItem, viewer: Viewer, *, now: datetime, zone: str) -> None:
    label, told = f"**{fmt.plain(item.title)}**", [fmt.plain(item.reason)]
    if item.due is not None and item.kind not in WITHOUT_DATE:
        on = viewing.local(item.due, settings().time_zone).date()
        when = fmt.plain(fmt.day(on) if item.kind in BY_DAY else words.when(item.due, now, zone))
        # A link does not wrap: what matters most comes before what a phone cuts off.
        label = f"{f':red[{when}]' if item.is_overdue else when} · {label}"
    if item.value is not None:
        told.append(fmt.plain(fmt.money_whole(item.value)))
    if item.owner:
        told.append(f":material/person: {fmt.plain(item.owner)}")
    with st.container(gap=None):
        if item.link.page in _slugs(viewer):
            st.page_link(
                menu.page_for(item.link.page),
                label=label,
                query_params=dict(item.link.params),
                width="stretch",
            )
        else:
            st.markdown(label)
        with st.container(horizontal=True, gap=None):
            st.space(INDENT)
            st.caption(" · ".join(told), width="stretch")


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
    today = analysis.last_day(at)
    with errors.told():
        shown = overview.Overview(viewer, at, analysis.this_month(today), today)
        shown.tiles(HEADLINES, key="today.kpis")
        if not _works(viewer):
            shown.development(DEVELOPMENT)


def _pages(viewer: Viewer) -> None:
    """What the viewer can do here, for those who have no list of work."""
    found = [row for row in menu.allowed(viewer) if row.slug not in ELSEWHERE and not row.is_hidden]
    if not found:
        empty.state(
            "Nothing is shown to customers yet.",
            icon=":material/policy:",
            hint="Your own policies and claims will stand here in a later version."
            " Until then your agent tells you about them.",
            key="pages",
        )
        return
    page.section("Where to go")
    grid = st.grid("auto", min_column_width=260, gap="small")
    for row in found:
        with grid.cell(), st.container(border=True, height="stretch", gap="xxsmall"):
            st.page_link(menu.page_for(row.slug), label=f"**{row.title}**", icon=row.icon)
            st.caption(row.description)


main()
