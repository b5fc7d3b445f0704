"""Fitting a model on one fold, and what it answers."""
