"""Mechanisms without insurance words: money, dates, lifecycles, ids, refusals, settings, logs."""
