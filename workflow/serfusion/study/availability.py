"""Which corpora can be had, and what to do about the others."""

from serfusion import registry


def source(corpus: dict) -> dict:
    """Return the `SOURCE` of a resolved corpus's module."""
    return registry.constant(f"corpora/{corpus['kind']}.py", "SOURCE")


def is_synthetic(corpus: dict) -> bool:
    """Return whether a resolved corpus is speech that serfusion makes."""
    return source(corpus)["kind"] == "synthesis" or corpus.get("synthetic") is not None


def is_downloaded(corpus: dict) -> bool:
    """Return whether serfusion fetches a resolved corpus from where its owners publish it."""
    made_here = corpus.get("path") is not None or is_synthetic(corpus)
    return not made_here and source(corpus)["kind"] not in ("manifest", "request")


def how_to_get(name: str, corpus: dict) -> str | None:
    """Return how to get a resolved corpus that is not at hand, or None if nothing need be done."""
    asked = source(corpus)
    if asked["kind"] != "request" or corpus["path"] is not None or is_synthetic(corpus):
        return None
    return (
        f"{corpus['title']} is given to registered users only: ask for it at {asked['ask']} "
        f"and set corpora.{name}.path to your copy"
    )
