"""The one kind of error that a user is meant to read."""


class Refusal(Exception):
    """Something the user can mend, told in one plain sentence: what is wrong, where, and what to do."""
