"""Policies: their lifecycle and terms."""

from core.policies.status import POLICY

__all__ = ["POLICY"]
