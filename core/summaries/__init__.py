"""Daily sales and agents' performance, as the refresh writes them back."""

from core.summaries.store import AGENT_PERFORMANCE, DAILY_SALES, Summary, Totals, totals, write

__all__ = ["AGENT_PERFORMANCE", "DAILY_SALES", "Summary", "Totals", "totals", "write"]
