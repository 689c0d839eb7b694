from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BulkKind(TextChoices):
    """The bulk acts whose progress is kept."""

    LAUNCH = "launch", _("Launch")
    RELEASE = "release", _("Release results")
    PASS_OVER = "pass_over", _("Go on without self-reviews")
