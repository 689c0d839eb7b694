"""The states and verbs of a scheme version."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class VersionState(TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", pgettext_lazy("scheme", "Published")
    RETIRED = "retired", pgettext_lazy("scheme", "Retired")


class VersionVerb(TextChoices):
    CATALOGUE = "catalogue", _("Take from the catalogue")
    WRITE = "write", _("Write a version")
    SUBMIT = "submit", _("Hand in for review")
    SEND_BACK = "send_back", _("Send back")
    PUBLISH = "publish", _("Publish")
    RETIRE = "retire", _("Retire")
