"""The clips of a corpus, their audio, and the datasets that corpora are combined into."""
