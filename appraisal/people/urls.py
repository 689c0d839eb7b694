"""Addresses of the people room."""

from datetime import date

from django.urls import path, re_path, register_converter

from appraisal.people.views import calendars, imports, organisations, people, roles


class DayConverter:
    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")

app_name = "people"
urlpatterns = [
    path("", people.person_list, name="person_list"),
    re_path(r"^people\.(?P<kind>xlsx|csv)$", people.person_export, name="person_export"),
    path("departments/", people.unit_list, name="unit_list"),
    path("organisations/", organisations.organisation_list, name="organisation_list"),
    path("organisations/new/", organisations.organisation_add, name="organisation_add"),
    path("organisations/<int:pk>/", organisations.organisation_edit, name="organisation_edit"),
    path("organisations/<int:pk>/retire/", organisations.organisation_retire, name="organisation_retire"),
    path("organisations/<int:pk>/restore/", organisations.organisation_restore, name="organisation_restore"),
    path("new/", people.person_hire, name="person_hire"),
    path("profile/", people.profile_edit, name="profile_edit"),
    path("<int:pk>/", people.person_detail, name="person_detail"),
    path("<int:pk>/edit/", people.person_edit, name="person_edit"),
    path("<int:pk>/manager/", people.manager_change, name="manager_change"),
    path("<int:pk>/leave/", people.person_leave, name="person_leave"),
    path("<int:pk>/stay/", people.person_stay, name="person_stay"),
    path("import/", imports.import_upload, name="import_upload"),
    re_path(r"^import/template\.(?P<kind>xlsx|csv)$", imports.import_template, name="import_template"),
    path("import/<int:pk>/", imports.import_check, name="import_check"),
    path("import/<int:pk>/confirm/", imports.import_confirm, name="import_confirm"),
    path("import/<int:pk>/discard/", imports.import_discard, name="import_discard"),
    path("roles/", roles.role_list, name="role_list"),
    path("roles/<int:pk>/", roles.role_edit, name="role_edit"),
    path("roles/<int:pk>/save/", roles.role_save, name="role_save"),
    path("roles/<int:pk>/partner/", roles.partner_grant, name="partner_grant"),
    path("roles/<int:pk>/partner/<int:unit_pk>/end/", roles.partner_revoke, name="partner_revoke"),
    path("calendars/", calendars.calendar_list, name="calendar_list"),
    path("calendars/<int:pk>/<int:year>/", calendars.calendar_year, name="calendar_year"),
    path("calendars/<int:pk>/set/", calendars.day_set, name="day_set"),
    path("calendars/<int:pk>/<day:day>/restore/", calendars.day_restore, name="day_restore"),
]
