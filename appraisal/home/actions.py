"""What the frame writes: a person's own language."""

from django.conf import settings

from appraisal.people.models import User


def choose_language(*, acting_user: User, language: str) -> None:
    """Own account only, so that there is nobody else to ask."""
    if language not in dict(settings.LANGUAGES):
        raise ValueError(language)
    User.objects.filter(pk=acting_user.pk).update(language=language)
