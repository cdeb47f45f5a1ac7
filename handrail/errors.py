"""The error that ends a command in words: what happened, and what to do."""


class Stop(Exception):
    """The command cannot do its work; `hint` says what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".rstrip()
