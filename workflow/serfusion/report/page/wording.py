"""Lists, counts and figures as every page writes them."""


def listed(words: list[str]) -> str:
    """Return words as an English list, such as `a, b and c`."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def counted(count: int, noun: str) -> str:
    """Return a number with its noun, such as `1 actor` or `24 actors`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def percent(share: float, digits: int = 1) -> str:
    """Return a share (-1 to 1) in percent, without the percent sign: `62.4`."""
    return f"{100 * share:z.{digits}f}".replace("-", "−")


def points(difference: float) -> str:
    """Return a difference of shares (-1 to 1) in percentage points, with its sign: `−3.2`."""
    return f"{100 * difference:+z.1f}".replace("-", "−")
