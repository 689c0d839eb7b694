from django.db import migrations, models


def copy_names(apps, schema_editor):
    person = apps.get_model("appraisal", "Person").objects.filter(user=models.OuterRef("pk")).exclude(name_en="")
    accounts = apps.get_model("appraisal", "User").objects.filter(models.Exists(person))
    accounts.update(name_en=models.Subquery(person.values("name_en")[:1]))


class Migration(migrations.Migration):
    dependencies = [("appraisal", "0002_initial")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="name_en",
            field=models.CharField(blank=True, max_length=80, verbose_name="English name"),
        ),
        migrations.RunPython(copy_names, migrations.RunPython.noop, elidable=True),
    ]
