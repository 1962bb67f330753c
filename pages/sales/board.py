"""Leads by status, as a board or a list."""

from __future__ import annotations

from pages.sales._parts import deals
from pages.sales._parts.kinds import LEADS

deals.show(LEADS)
