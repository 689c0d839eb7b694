"""A real SMTP server on loopback that keeps what it accepted and can be told to refuse, to hang up or to wait."""

import asyncio
import email
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class MailServer:
    def __init__(self) -> None:
        self.accepted: list[EmailMessage] = []
        self.refuse_address: dict[str, str] = {}
        self.refuse_data: list[str] = []
        self.seconds_per_mail = 0.0
        self.hold_at = 0
        self.holding = threading.Event()
        self.host, self.port = "127.0.0.1", 0

    @property
    def message_ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.accepted]

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if answer := self.refuse_address.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refuse_data:
            return self.refuse_data.pop(0)
        self.accepted.append(cast("EmailMessage", email.message_from_bytes(envelope.content or b"", policy=default)))
        if len(self.accepted) == self.hold_at:
            # The mail is accepted; the sender is made to wait for the answer.
            self.holding.set()
            await asyncio.sleep(2)
        await asyncio.sleep(self.seconds_per_mail)
        return "250 OK"


class OnAnyPort(Controller):
    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def running_mail_server() -> Iterator[MailServer]:
    handler = MailServer()
    controller = OnAnyPort(handler, hostname=handler.host, port=0, ready_timeout=20)
    controller.start()
    handler.port = controller.port
    try:
        yield handler
    finally:
        controller.stop()
