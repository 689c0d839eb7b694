"""Why figures do not fit: a sentence with gaps, and what fills them. A page says it in its reader's language."""

from typing import Any


class Refused(Exception):
    """`sentence` is English with {gaps}; `params` fill them."""

    def __init__(self, sentence: str, **params: object) -> None:
        self.sentence = sentence
        self.params: dict[str, Any] = {name: str(one) for name, one in params.items()}
        super().__init__(self.reason)

    @property
    def reason(self) -> str:
        return self.sentence.format(**self.params)


class CaseError(Refused, ValueError):
    """The case does not fit its scheme: where, why, and what may be meant."""

    def __init__(self, key: str, sentence: str, near: str = "", **params: object) -> None:
        super().__init__(sentence, **params)
        self.key, self.near = key, near

    def __str__(self) -> str:
        return f"{self.key}: {self.reason}" + (f" (is {self.near!r} meant?)" if self.near else "")
