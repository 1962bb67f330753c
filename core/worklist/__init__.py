"""The worklist of Home: everything that waits for the viewer, across all contexts."""

from core.worklist.work import worklist

__all__ = ["worklist"]
