"""Search: one box over customers, leads, opportunities, policies and claims."""

from core.search.records import Criteria, Found, Hit, Hits, SearchKind
from core.search.views import COUNTED, customers_by, search

__all__ = ["COUNTED", "Criteria", "Found", "Hit", "Hits", "SearchKind", "customers_by", "search"]
