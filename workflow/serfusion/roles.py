"""The words by which the stages know what a row is for."""

ROLES = ("train", "validation", "test")

ORIGINAL = "original"
"""The augmentation of clips that nothing was done to."""
