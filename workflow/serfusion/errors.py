"""The one kind of error that is addressed to the user."""


class Refusal(Exception):  # noqa: N818, because the program works as it should
    """A fault that the user can fix, in one sentence: what is wrong, where, and what to do."""
