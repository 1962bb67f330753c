"""The worklist of Home: everything that waits for the viewer, across all contexts."""

from core.worklist.asking import SOON_DAYS
from core.worklist.work import worklist

__all__ = ["SOON_DAYS", "worklist"]
