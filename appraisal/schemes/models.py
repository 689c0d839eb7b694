from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from appraisal.schemes.loader import parsed
from appraisal.schemes.spec import Scheme
from appraisal.schemes.states import VersionState
from workflow.models import Subject


class Origin(models.TextChoices):
    CATALOGUE = "catalogue", _("Catalogue")
    WRITTEN = "written", _("Written here")


class SchemeVersion(Subject):
    """A scheme as it stands from a day on. The document never changes once it is published: an edit is a new row."""

    key = models.CharField(_("scheme"), max_length=60)
    valid_from = models.DateField(_("valid from"))
    title_zh = models.CharField(_("Chinese title"), max_length=200)
    title_en = models.CharField(_("English title"), max_length=200)
    document = models.TextField(_("document"))
    # Worked examples as a document of their own; empty: those that the catalogue keeps beside the scheme.
    cases = models.TextField(_("worked examples"), blank=True, default="")
    digest = models.CharField(max_length=64, db_index=True)
    origin = models.CharField(_("origin"), max_length=20, choices=Origin.choices, default=Origin.WRITTEN)
    created_at = models.DateTimeField()
    # The version it was copied from, and who handed it in: another person publishes it.
    based_on = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    State = VersionState

    class Meta:
        ordering = ["key", "-valid_from", "-id"]
        constraints = [models.UniqueConstraint(fields=["key", "digest"], name="one_row_for_a_document")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return self.title_en if get_language() == "en" else self.title_zh

    @property
    def state_label(self) -> str:
        return str(dict(VersionState.choices).get(self.state, ""))

    @property
    def scheme(self) -> Scheme:
        return parsed(self.document, f"{self.key}/{self.valid_from.isoformat()}.yaml")
