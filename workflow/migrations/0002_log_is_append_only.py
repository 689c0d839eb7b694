"""Lets the database itself refuse to edit the log."""

from django.db import migrations

from workflow.append_only import allow_changes, forbid_changes


class Migration(migrations.Migration):
    dependencies = [("workflow", "0001_initial")]

    operations = [migrations.RunPython(forbid_changes, allow_changes)]
