from tests.notices.conftest import letters, mark

__all__ = ["letters", "mark"]
