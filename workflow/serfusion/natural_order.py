"""Names in the order in which people count: 2 before 10."""

import re


def natural_key(name: str) -> list[str | int]:
    """Return what to sort `name` by: its text as it is, the numbers in it as numbers."""
    parts = re.split(r"(\d+)", name)
    return [int(part) if place % 2 else part for place, part in enumerate(parts)]
