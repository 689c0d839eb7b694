"""Load this one: the components of the pages."""

from appraisal.templatetags import ui_forms, ui_parts, ui_tables, ui_words
from appraisal.templatetags.ui_library import register

__all__ = ("register", "ui_forms", "ui_parts", "ui_tables", "ui_words")
