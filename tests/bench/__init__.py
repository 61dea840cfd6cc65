"""Measurements: what a change costs."""
