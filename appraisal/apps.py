from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AppraisalConfig(AppConfig):
    name = "appraisal"

    def ready(self) -> None:
        from appraisal.people import machine, roles  # noqa: F401 - importing a machine registers it

        post_migrate.connect(roles.ensure_groups, sender=self, dispatch_uid="ensure_groups")
