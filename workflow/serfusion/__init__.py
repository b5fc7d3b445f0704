"""serfusion: speech emotion recognition, from published corpora to a report that can be trusted."""

__version__ = "0.2.0"
