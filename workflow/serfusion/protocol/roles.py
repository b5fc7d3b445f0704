"""The roles that a clip can have in a fold."""

ROLES = ("train", "validation", "test")
