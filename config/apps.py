from django.apps import AppConfig
from django.core.checks import register


class SiteConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config.checks import source_is_offered

        register(source_is_offered)
