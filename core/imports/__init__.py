"""PolicyDesk."""
