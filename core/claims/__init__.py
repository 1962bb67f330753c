"""Claims: their lifecycle from first notice of loss to closing."""

from core.claims.status import CLAIM

__all__ = ["CLAIM"]
