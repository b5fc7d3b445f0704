"""Names that the stages share."""

ORIGINAL = "original"
"""The augmentation of clips that nothing was done to."""
