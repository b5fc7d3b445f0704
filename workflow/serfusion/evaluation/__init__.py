"""How good the answers are, how sure that is, and what knowing nothing would have given."""
