"""One mail: how it is put together, and which answers of a mail server are final."""

from datetime import timedelta, tzinfo
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.core.mail import EmailMultiAlternatives

from notifications.models import OutboxMessage
from notifications.rendering import render_mail

# Together about two days: longer than a mail server's bad night, shorter than an appeal window.
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))


def compose_mail(message: OutboxMessage, *, zone: tzinfo | None) -> EmailMultiAlternatives:
    rendered = render_mail(message, zone=zone)
    mail = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        to=[message.recipient.email],
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(rendered.html, "text/html")
    return mail


def is_final(error: Exception) -> bool:
    """Only what the server says of this mail or this address; a refused sender or log-in is our own trouble."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, SMTPDataError) and error.smtp_code >= 500


def wait_after(attempts: int) -> timedelta:
    return BACK_OFF[min(attempts, len(BACK_OFF)) - 1]
