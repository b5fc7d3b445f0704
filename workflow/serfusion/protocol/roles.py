"""What a clip is for in a fold."""

ROLES = ("train", "validation", "test")
