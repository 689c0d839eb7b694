"""What a deployment owes and might forget."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage
from django.core.checks import Warning as CheckWarning


def source_is_offered(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    if settings.ON_LAPTOP or settings.SOURCE_URL:
        return []
    return [
        CheckWarning(
            "SOURCE_URL is not set: the users of this site are not offered its source.",
            hint="The AGPL-3.0 (section 13) asks for a link to the source of the very copy that runs here.",
            id="config.W001",
        )
    ]
