"""After every migration there is one group a role."""

from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from appraisal.people.states import Role


@receiver(post_migrate, sender=apps.get_app_config("appraisal"), dispatch_uid="groups_of_roles")
def ensure_groups(using: str = "default", **kwargs: Any) -> None:
    known = set(Group.objects.using(using).filter(name__in=Role.values).values_list("name", flat=True))
    Group.objects.using(using).bulk_create([Group(name=name) for name in Role.values if name not in known])
