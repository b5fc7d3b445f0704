"""The protocols under which experiments are run, by what leaks from training."""

INDEPENDENT = "speaker-independent"
BY_VALIDATION = "validation by clip"
RANDOM = "random split by clip"
PROTOCOLS = (INDEPENDENT, BY_VALIDATION, RANDOM)
"""In the order in which they leak more: nothing; speakers between training and validation; speakers
between training and test too."""


def protocol_of(audit: dict) -> str:
    """Return which of `PROTOCOLS` an experiment was run under, by its audit.

    Not by its configuration, which may have been edited since it was run.
    """
    if audit["optimistic_test"]:
        return RANDOM
    return BY_VALIDATION if audit["optimistic_validation"] else INDEPENDENT
