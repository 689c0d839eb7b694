from importlib import import_module, util

from django.apps import AppConfig

ROOMS = (
    "people", "schemes", "workshop", "records", "cycles", "assessments", "calibration", "interviews", "appeals",
    "improvement", "procedure", "outcomes", "home",
)  # fmt: skip
# What a room declares at start-up: its machine, the facts it listens to, the letters it sends.
DECLARATIONS = ("machine", "follow_ups", "notices")


class AppraisalConfig(AppConfig):
    name = "appraisal"

    def ready(self) -> None:
        for room in ROOMS:
            for floor in DECLARATIONS:
                name = f"appraisal.{room}.{floor}"
                if util.find_spec(name) is not None:
                    import_module(name)
