"""What has to be done again and again: by Celery's beat in production, by the ticker on the laptop."""

from datetime import datetime

from notifications import digests, sender

BATCH = 100


def send_outbox(*, at: datetime) -> int:
    """One batch; as many as it worked on, so that the caller may go on while there is a full one."""
    return sender.send_due(at=at, limit=BATCH).total()


def compose_digests(*, at: datetime) -> int:
    return digests.compose(at=at)
