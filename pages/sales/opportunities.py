"""Opportunities by stage, as a board or a list; the same page as that of leads."""

from __future__ import annotations

from core.access import Permission
from pages._ui import guard
from pages.sales._parts import deals
from pages.sales._parts.kinds import OPPORTUNITIES

deals.show(OPPORTUNITIES, guard.viewer(Permission.LEADS_VIEW))
