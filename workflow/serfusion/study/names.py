"""Words of the configuration that several stages know."""

ORIGINAL = "original"
"""The augmentation of clips as they were recorded."""

PERMUTED = "permuted"
"""The `labels` of a model whose training and validation clips have shuffled emotions."""
