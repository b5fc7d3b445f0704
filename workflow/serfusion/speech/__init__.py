"""Speech by eSpeak NG, for the synthetic stand-ins of corpora."""
