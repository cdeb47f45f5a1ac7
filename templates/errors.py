"""The one error of this room."""

from __future__ import annotations


class TemplateError(Exception):
    """A template, an answer or a destination that cannot be used.

    `message` says what is wrong in one sentence, `hint` what to do about it ("" where there is nothing to
    add), and `question` the key of the question whose answer is at fault, or None.
    """

    def __init__(self, message: str, hint: str = "", question: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.question = question

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()
