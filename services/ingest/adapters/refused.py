"""A refusal of the whole request."""


class Refused(Exception):
    """`status` and sentence are the answer, and the seconds after which it may come again."""

    def __init__(self, status: int, sentence: str, retry_after: int | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.retry_after = retry_after
