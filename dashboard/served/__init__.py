"""Addresses that are no page."""
