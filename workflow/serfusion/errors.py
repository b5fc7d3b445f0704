"""The one kind of error that a user is meant to read."""


class Refusal(Exception):  # noqa: N818, for it is the user who errs
    """Something the user can mend, in one sentence: what is wrong, where, and what to do."""
