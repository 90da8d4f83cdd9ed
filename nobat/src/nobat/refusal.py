"""What a command cannot do, told to who gave it."""


class Refusal(Exception):
    """The message says why; the command ends with 1 and without a traceback."""
