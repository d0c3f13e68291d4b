"""What stops a set-up step, in words that a person can act on."""


class Problem(Exception):
    """Its text says what went wrong and what to do next; shown without a traceback."""
