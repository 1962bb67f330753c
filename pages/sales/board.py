"""Leads by status, as a board or a list."""

from __future__ import annotations

from core.access import Permission
from pages._ui import guard
from pages.sales._parts import deals
from pages.sales._parts.kinds import LEADS

deals.show(LEADS, guard.viewer(Permission.LEADS_VIEW))
