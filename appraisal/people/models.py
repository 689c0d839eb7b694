"""Who there is: accounts, people, the units they belong to, and to whom they report, with dates."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from appraisal.people.states import OrganisationKind, RegisterState
from workflow.models import Subject, WorkCalendar


def in_language(name: str, name_en: str) -> str:
    """How people, units and accounts are called in the reader's language."""
    return (name_en or name) if get_language() == "en" else name


class User(AbstractUser):
    """An account that can sign in. What it may do follows from its groups, its grants and its person."""

    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, blank=True)
    # The person's, kept here so that a list of accounts can be read without joining people.
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    # What roles_of has read, for as long as this instance lives.
    roles_cache: object | None = None

    def __str__(self) -> str:
        return in_language(self.get_full_name() or self.username, self.name_en)


class Named(models.Model):
    """A thing with a code and a name in Chinese, and perhaps in English."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class LegalEntity(Named):
    """The employer. Its calendar and its time zone count the deadlines of its people."""

    calendar = models.ForeignKey(WorkCalendar, on_delete=models.PROTECT, related_name="+")
    time_zone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai")


class OrgUnit(Named):
    """A department. `path` holds the ids from the root down ("/1/4/"), so that a subtree is one prefix."""

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    head = models.ForeignKey("Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="heads")
    path = models.CharField(max_length=400, db_index=True, default="", editable=False)

    class Meta:
        permissions = [("partner_orgunit", "HR partner of this unit and the units below it")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        if path != self.path:
            self.path = path
            OrgUnit.objects.filter(pk=self.pk).update(path=path)


class Position(Named):
    pass


class Person(models.Model):
    """Someone who works here or did. Never deleted: `left_on` says when they went."""

    number = models.CharField(_("employee number"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    email = models.EmailField(_("mail address"), blank=True)
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True, related_name="person")
    legal_entity = models.ForeignKey(
        LegalEntity, on_delete=models.PROTECT, related_name="people", verbose_name=_("legal entity")
    )
    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="people", verbose_name=_("department"))
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("position")
    )
    hired_on = models.DateField(_("hired on"))
    left_on = models.DateField(_("left on"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("hired_on")), name="person_leaves_after_hiring"
            )
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class ReportingLine(models.Model):
    """To whom a person reports, from the first day to the last; at most one line is open at a time."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="lines")
    manager = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reports")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ends_on__isnull=True), name="one_open_reporting_line"
            ),
            models.CheckConstraint(condition=~Q(person=F("manager")), name="nobody_reports_to_themselves"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="reporting_line_runs_forward"
            ),
        ]


class Organisation(Named):
    """A company outside that is appraised: a supplier, a dealer. `contact` is who answers for it in this company.

    Never deleted: a retired one is not offered any more.
    """

    kind = models.CharField(_("kind"), max_length=30, choices=OrganisationKind.choices)
    contact = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="organisations",
        verbose_name=_("contact employee"),
    )  # fmt: skip
    is_active = models.BooleanField(_("in use"), default=True)


class PeopleRegister(Subject):
    """The one row whose chain of facts holds every change of people, units, roles and calendars."""

    state = models.CharField(_("state"), max_length=40, choices=RegisterState.choices, default=RegisterState.KEPT)


class PeopleImport(models.Model):
    """An uploaded list of people, kept until its difference is confirmed; then only the counts stay."""

    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    # The day from which changed managers hold.
    effective_on = models.DateField()
    applied_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict)
