"""The states and roles of the people room."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a user may be by name of a group. Manager, second-level manager and HR partner are relations."""

    HR = "hr", _("HR")
    AUDITOR = "auditor", _("Auditor")
    SYSADMIN = "sysadmin", _("System administrator")
    SALES_DIRECTOR = "sales_director", _("Sales director")
    LEGAL = "legal", _("Legal")
    FINANCE = "finance", _("Finance")
    OPERATIONS = "operations", _("Operations")
    DATA_OWNER = "data_owner", _("Data owner")


class OrganisationKind(TextChoices):
    SUPPLIER = "supplier", _("Supplier")
    DEALER = "dealer", _("Dealer")
    AGENCY = "agency", _("Agency")
    SERVICE_PROVIDER = "service_provider", _("Service provider")
    CUSTOMER = "customer", _("Customer")
    OTHER = "other", _("Other")


class RegisterState(TextChoices):
    KEPT = "kept", _("Kept")
