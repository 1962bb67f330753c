"""The parts of an analytic page: tiles, development over time, funnel, breakdowns.

Each part asks the cache for what it shows, and opens the rows behind whatever is clicked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import queries
from core.access import Permission, Viewer
from pages._ui import (
    analysis,
    charts,
    data,
    drill,
    export,
    filters,
    kpi,
    levels,
    metrics,
    page,
    tables,
    viewing,
)
from pages._ui import format as fmt
from pages._ui.filters import Option
from queries import Compared, Filters, Group, Metric, Published
from queries.dimensions import DIMENSIONS, Name
from queries.filters import NONE_ID, bucket_period

_BARS = 12
_LEVEL_WIDTH = 320
_LISTED = ("new_deals", "won_count", "lost_count", "win_rate", "won_value", "average_won", "days_to_win")
_EXPORTED = (
    tables.Column("label", "KPI"),
    tables.Column("shown", "Value"),
    tables.Column("value", "Exact value", "number"),
    tables.Column("before", "Before", "number"),
    tables.Column("n", "n", "int"),
    tables.Column("missing", "Without value", "int"),
    tables.Column("definition", "Formula"),
    tables.Column("owner", "Owner"),
    tables.Column("period", "Period"),
    tables.Column("against", "Compared with"),
)


@dataclass(frozen=True, slots=True)
class Overview:
    """One viewer's look at one published version under the chosen filters."""

    viewer: Viewer
    at: Published
    chosen: analysis.Chosen
    today: date

    @property
    def filters(self) -> Filters:
        """What it is narrowed to."""
        return self.chosen.filters

    @property
    def _days(self) -> str:
        """The period as file names have it."""
        return analysis.file_days(self.filters.period, self.today)

    def tiles(self, slugs: Sequence[str], *, key: str, export_as: str = "") -> None:
        """A tile a metric with its comparison and the finished months of the last year as a line."""
        found = self._values((*slugs, "cohort_maturity"))
        lines = self._series(tuple(slugs), self.filters)
        refreshed = fmt.moment(self.at.snapshot_at, viewing.zone())
        known = queries.metrics()
        asked = kpi.tiles(
            [
                metrics.tile(
                    known[slug],
                    found[slug],
                    kind=self.filters.kind,
                    against=self.chosen.against,
                    refreshed=refreshed,
                    trend=self._finished(lines.get(slug, ())),
                    maturity=found["cohort_maturity"].now if slug == "cohort_conversion" else None,
                )
                for slug in slugs
            ],
            key=key,
        )
        if export_as and self.viewer.can(Permission.EXPORT):
            records = [self._record(known[slug], found[slug]) for slug in slugs]
            export.buttons(
                records, _EXPORTED, name=export_as, key=f"{key}.export", of=self._days, what="Tiles"
            )
        if asked:
            self._open(known[asked], self.filters)

    def development(self, slugs: Sequence[str]) -> None:
        """A metric by month or quarter beside the funnel by furthest stage; `slugs` can be chosen."""
        known = queries.metrics()
        grid = st.grid(2, min_column_width=360)
        with grid.cell():
            place = page.section("Development")
            with st.container(horizontal=True, vertical_alignment="bottom"):
                metric = self._metric(slugs)
                grain = analysis.grain()
            self._trend(known[metric], self.filters.narrowed(grain=grain), place)
        with grid.cell():
            told = "How many of those created in the period got at least so far."
            self._funnel(page.section("Funnel", help=told))

    def breakdown(self, title: str, dimensions: Sequence[Name]) -> None:
        """A metric by one of the dimensions: the best as bars, all of them as a table."""
        place = page.section(title)
        key = dimensions[0]
        with place:
            chosen = filters.switch(
                title, [Option(name, DIMENSIONS[name].label) for name in dimensions], key=f"by_{key}"
            )
        dimension = next(name for name in dimensions if name == chosen)
        metric = queries.metrics()[st.session_state.get("filter.metric") or _LISTED[4]]
        slugs = tuple(dict.fromkeys((metric.slug, *_LISTED)))
        groups = self._groups(slugs, dimension)
        # One below the other: beside the bars the table's columns have no room.
        if dimension == "territory":
            self._level(metric, slugs, groups, key)
        else:
            names = _distinct(groups)
            self._ranking(metric, [(one, dimension, names[one.key]) for one in groups], dimension, key)
        self._table(metric, groups, dimension, key)

    def _level(self, metric: Metric, slugs: tuple[str, ...], tree: Sequence[Group], key: str) -> None:
        """The territories right below one of them, which add up to it, as bars."""
        own = {one.key: one for one in self._groups(slugs, "own_territory")}
        offered = levels.levels(tree, own)
        chosen: str | None = None
        if len(offered) > 1:
            options = [Option(str(one.key), "\u2003" * one.depth + one.label) for one in offered]
            with st.container(width=_LEVEL_WIDTH):
                chosen = filters.choose("Territories of", options, key="level", everything=None)
        level = next((one for one in offered if str(one.key) == chosen), offered[0] if offered else None)
        bars = () if level is None else level.bars
        names = _distinct([one.group for one in bars])
        told = [
            (one.group, one.dimension, names[one.group.key] + (" itself" if one.is_own else ""))
            for one in bars
        ]
        self._ranking(metric, told, "territory", key)

    def _ranking(
        self, metric: Metric, members: Sequence[tuple[Group, Name, str]], dimension: Name, key: str
    ) -> None:
        """Bars of the best, or of all when that is asked for; each with the comparison, if there is one."""
        slug = metric.slug
        known = [
            one
            for one in members
            if one[0].values[slug].n or (slug in one[0].before and one[0].before[slug].n)
        ]
        shown = known if st.session_state.get(f"{key}.all_bars") else known[:_BARS]
        with st.container(horizontal=True, vertical_alignment="center"):
            label = metric.label_for(self.filters.kind)
            told = f"{label} by {DIMENSIONS[dimension].label.lower()}"
            if len(shown) < len(known):
                told += f", {fmt.number(len(shown))} of {fmt.number(len(known))}"
            st.caption(told, width="content")
            if len(known) > _BARS:
                all_of_them = f"Show all {fmt.number(len(known))}"
                first = f"Show the first {_BARS}"
                st.button(
                    all_of_them if len(shown) < len(known) else first,
                    key=f"{key}.bars",
                    type="tertiary",
                    on_click=_turn,
                    args=(f"{key}.all_bars",),
                )
        groups = [group for group, _, _ in shown]
        is_compared = any(slug in group.before for group in groups)
        clicked = charts.ranking(
            [name for _, _, name in shown],
            [group.of(slug) for group in groups],
            key=f"{key}.ranking",
            kind=metrics.CHART_KIND[metric.unit],
            label=label,
            notes=[self._note(metric, group) for group in groups],
            compare=[group.was(slug) for group in groups] if is_compared else None,
            compare_label=self.chosen.against.removeprefix("vs ").capitalize(),
        )
        for group, by, name in shown:
            if clicked == name:
                self._open_group(metric, group, by)

    def _note(self, metric: Metric, group: Group) -> str:
        """What stands behind a bar's value: its n where that is no sum, and its change."""
        n = "" if metric.aggregate == "sum" else f"n {fmt.number(group.values[metric.slug].n)}"
        change = metrics.change(metric, group.of(metric.slug), group.was(metric.slug))
        return "  ".join(part for part in (n, change) if part)

    def _table(self, metric: Metric, groups: Sequence[Group], dimension: Name, key: str) -> None:
        known = queries.metrics()
        columns = [tables.Column("label", DIMENSIONS[dimension].label, "open", pinned=True)]
        is_compared = any(metric.slug in group.before for group in groups)
        slugs = list(dict.fromkeys((metric.slug, *_LISTED))) if is_compared else list(_LISTED)
        for slug in slugs:
            listed = known[slug]
            columns.append(
                tables.Column(
                    slug,
                    listed.label_for(self.filters.kind),
                    metrics.TABLE_KIND[listed.unit],
                    help=listed.definition_for(self.filters.kind),
                )
            )
            if is_compared and slug == metric.slug:
                columns.extend(self._compared_columns(metric))
        columns.append(
            tables.Column("closed", "Closed", "int", help="Won and lost; the win rate is out of them.")
        )
        records = [
            {
                "label": "\u2003" * group.depth + group.label,
                "closed": group.values["win_rate"].n,
                "before": metrics.plain(metric, group.was(metric.slug)),
                "change": metrics.changed(metric, group.of(metric.slug), group.was(metric.slug)),
                **{slug: metrics.plain(known[slug], group.of(slug)) for slug in slugs},
            }
            for group in groups
        ]
        picked = tables.show(
            records,
            columns,
            key=f"{key}.table",
            select="one",
            empty_sentence="Nothing for this choice.",
            export_as=f"kpis-by-{dimension}" if self.viewer.can(Permission.EXPORT) else None,
            export_of=self._days,
            export_what="Table",
        )
        clicked = tables.opened(f"{key}.table", len(groups))
        if clicked is None and picked and picked != st.session_state.get(f"{key}.picked"):
            clicked = picked[0]
        if clicked is not None:
            self._open_group(known["won_count"], groups[clicked], dimension)
        st.session_state[f"{key}.picked"] = picked

    def _compared_columns(self, metric: Metric) -> tuple[tables.Column, tables.Column]:
        """The chosen metric in the comparison, and its change."""
        kind, sign = metrics.CHANGED_AS[metric.unit]
        label = metric.label_for(self.filters.kind)
        return (
            tables.Column(
                "before",
                f"{label}, before",
                metrics.TABLE_KIND[metric.unit],
                help=f"{self.chosen.compared}. Another KPI is compared by choosing it above.",
            ),
            tables.Column("change", f"Change{sign}", kind),
        )

    def _trend(self, metric: Metric, narrowed: Filters, place: DeltaGenerator) -> None:
        points = self._series((metric.slug,), narrowed).get(metric.slug, ())
        periods = {
            analysis.bucket_label(point.start, narrowed.grain): bucket_period(point.start, narrowed.grain)
            for point in points
        }
        clicked = charts.bars(
            list(periods),
            [point.value.value for point in points],
            key="trend",
            kind=metrics.CHART_KIND[metric.unit],
            label=metric.label_for(narrowed.kind),
        )
        label = metric.label_for(narrowed.kind)
        columns = (
            tables.Column("period", "Month" if narrowed.grain == "month" else "Quarter"),
            tables.Column("value", label, metrics.TABLE_KIND[metric.unit]),
            tables.Column("n", "n", "int"),
        )
        records = [
            {"period": name, "value": metrics.plain(metric, point.value.value), "n": point.value.n}
            for name, point in zip(periods, points, strict=True)
        ]
        told = f"{label} by {narrowed.grain}"
        self._offer(records, columns, told, place)
        if clicked in periods:
            self._open(metric, narrowed.narrowed(period=periods[clicked]), clicked)

    def _offer(
        self,
        records: Sequence[Mapping[str, object]],
        columns: Sequence[tables.Column],
        told: str,
        place: DeltaGenerator,
    ) -> None:
        """What a chart shows, as files, for those who may export."""
        if records and self.viewer.can(Permission.EXPORT):
            name = export.file_word(told)
            with place:
                export.buttons(
                    records, columns, name=name, key=f"chart.{name}", of=self._days, help=f"Saves {told}."
                )

    def _funnel(self, place: DeltaGenerator) -> None:
        stages = data.cached(
            "funnel",
            lambda: queries.funnel(self.filters, by=self.viewer, at=self.at),
            at=self.at,
            viewer=self.viewer,
            filters=self.filters,
        )
        clicked = charts.funnel(
            [stage.label for stage in stages], [stage.reached for stage in stages], key="funnel"
        )
        columns = (tables.Column("stage", "Stage"), tables.Column("reached", "Reached", "int"))
        records = [{"stage": stage.label, "reached": stage.reached} for stage in stages]
        self._offer(records, columns, "Funnel", place)
        for stage in stages:
            if stage.label == clicked:
                self._open(
                    queries.metrics()["new_deals"],
                    self.filters.narrowed(reached=stage.rank),
                    f"reached {stage.label}",
                )

    def _metric(self, slugs: Sequence[str]) -> str:
        known = queries.metrics()
        options = [Option(slug, known[slug].label_for(self.filters.kind)) for slug in slugs]
        return filters.choose("Show", options, key="metric", everything=None) or slugs[0]

    def _record(self, metric: Metric, found: Compared) -> dict[str, object]:
        return {
            "label": metric.label_for(self.filters.kind),
            "shown": metrics.shown(metric, found.now.value),
            "value": metrics.plain(metric, found.now.value),
            "before": metrics.plain(metric, found.before.value) if found.before else None,
            "n": found.now.n,
            "missing": found.now.missing,
            "definition": metric.definition_for(self.filters.kind),
            "owner": metric.owner,
            "period": self.chosen.shown,
            "against": self.chosen.compared,
        }

    def _open_group(self, metric: Metric, group: Group, dimension: Name) -> None:
        how = DIMENSIONS[dimension]
        key = NONE_ID if group.key is None else group.key
        self._open(metric, self.filters.narrowed(**{how.filter: key}), group.label)

    def _open(self, metric: Metric, narrowed: Filters, of: str = "") -> None:
        heading = metric.label_for(narrowed.kind) + (f": {of}" if of else "")
        drill.show(drill.Question(metric.slug, heading, narrowed, self.at))

    def _values(self, slugs: tuple[str, ...]) -> dict[str, Compared]:
        return data.cached(
            "values",
            lambda: queries.values(slugs, self.filters, today=self.today, by=self.viewer, at=self.at),
            at=self.at,
            viewer=self.viewer,
            filters=self.filters,
            more=(self.today.isoformat(), *slugs),
        )

    def _series(self, slugs: tuple[str, ...], narrowed: Filters) -> dict[str, tuple[queries.Point, ...]]:
        return data.cached(
            "series",
            lambda: queries.series(slugs, narrowed, today=self.today, by=self.viewer, at=self.at),
            at=self.at,
            viewer=self.viewer,
            filters=narrowed,
            more=(self.today.isoformat(), *slugs),
        )

    def _finished(self, points: Sequence[queries.Point]) -> tuple[queries.Point, ...]:
        """The points whose month or quarter is over: one that has just begun would look like a fall."""
        grain = self.filters.grain
        return tuple(point for point in points if bucket_period(point.start, grain).end <= self.today)

    def _groups(self, slugs: tuple[str, ...], dimension: Name) -> tuple[Group, ...]:
        return data.cached(
            "breakdown",
            lambda: queries.breakdown(
                slugs, dimension, self.filters, today=self.today, by=self.viewer, at=self.at
            ),
            at=self.at,
            viewer=self.viewer,
            filters=self.filters,
            more=(dimension, self.today.isoformat(), *slugs),
        )


def _turn(state: str) -> None:
    st.session_state[state] = not st.session_state.get(state)


def _distinct(groups: Sequence[Group]) -> dict[int | str | None, str]:
    """Labels by key; those that several members share carry the key."""
    counts = Counter(group.label for group in groups)
    return {
        group.key: group.label if counts[group.label] == 1 else f"{group.label} (#{group.key})"
        for group in groups
    }
