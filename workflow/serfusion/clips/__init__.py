"""From a corpus's files to the table of its usable clips, and from corpora to a dataset."""
