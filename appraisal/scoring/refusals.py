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
