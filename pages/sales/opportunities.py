"""Opportunities by stage, as a board or a list; the same page as that of leads."""

from __future__ import annotations

from pages.sales._parts import deals
from pages.sales._parts.kinds import OPPORTUNITIES

deals.show(OPPORTUNITIES)
