"""Synthetic speech by eSpeak NG, for the stand-ins of corpora."""
