"""Fitting models on one fold, and the predictions of the fitted models."""
