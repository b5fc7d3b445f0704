"""Extracting feature tables from clips."""
