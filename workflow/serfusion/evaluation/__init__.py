"""How good the predictions are, how certain that is, and what chance would have given."""
