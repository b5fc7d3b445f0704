"""The report: one self-contained page per experiment."""
