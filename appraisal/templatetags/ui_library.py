"""The one register of the components. `{% load ui %}` brings all of them.

Props are keyword arguments: a missing or unknown one is an error when the template is compiled, a value that is not
among the declared ones when it is rendered. Nothing is guessed.
"""

from collections.abc import Collection

from django import template

register = template.Library()


class WrongProp(template.TemplateSyntaxError):
    """A component was given something that it does not know how to show."""


def one_of(value: str, allowed: Collection[str], prop: str) -> str:
    if value not in allowed:
        raise WrongProp(f"{prop}={value!r} is none of {', '.join(sorted(allowed))}")
    return value
