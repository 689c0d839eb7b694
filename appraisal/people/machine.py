"""The register of people is a subject without movement: it exists for its chain of facts."""

from django.utils.translation import gettext_lazy as _

from appraisal.people.models import PeopleRegister
from appraisal.people.states import RegisterState
from workflow import facts
from workflow.facts import FactType
from workflow.machine import START, SYSTEM, Machine, Transition, register

facts.register(
    FactType("people.register_opened", _("Register opened"), _("The register of people was opened")),
    FactType(
        "people.imported", _("People imported"), _("%(actor)s imported %(file)s: %(new)s new, %(changed)s changed")
    ),
    FactType("person.hired", _("Hired"), _("%(actor)s added %(person)s, hired on %(on)s")),
    FactType("person.changed", _("Data changed"), _("%(actor)s changed %(fields)s of %(person)s")),
    FactType(
        "person.manager_changed",
        _("Manager changed"),
        _("%(actor)s changed the manager of %(person)s from %(before)s to %(after)s as of %(on)s"),
    ),
    FactType("person.left", _("Left"), _("%(actor)s recorded that %(person)s leaves on %(on)s")),
    FactType("person.stayed", _("Leaving taken back"), _("%(actor)s took back the leaving of %(person)s")),
    FactType("organisation.added", _("Organisation added"), _("%(actor)s added the organisation %(organisation)s")),
    FactType("organisation.changed", _("Organisation changed"), _("%(actor)s changed %(fields)s of %(organisation)s")),
    FactType("organisation.retired", _("Organisation retired"), _("%(actor)s retired %(organisation)s")),
    FactType(
        "organisation.restored", _("Organisation in use again"), _("%(actor)s took %(organisation)s into use again")
    ),
    FactType("role.granted", _("Role granted"), _("%(actor)s gave the role %(role)s to %(user)s")),
    FactType("role.revoked", _("Role revoked"), _("%(actor)s took the role %(role)s from %(user)s")),
    FactType("partner.granted", _("HR partner named"), _("%(actor)s made %(user)s HR partner of %(unit)s")),
    FactType("partner.revoked", _("HR partner relieved"), _("%(actor)s relieved %(user)s as HR partner of %(unit)s")),
    FactType("calendar.day_set", _("Calendar day set"), _("%(actor)s set %(on)s in the calendar %(calendar)s")),
    FactType(
        "calendar.day_restored", _("Calendar day restored"), _("%(actor)s restored %(on)s in the calendar %(calendar)s")
    ),
)

REGISTER = register(
    Machine(
        name="people_register",
        label=_("Register of people"),
        model=PeopleRegister,
        states=RegisterState,
        roles=(),
        transitions=(
            Transition(
                verb="open_register",
                label=_("Open the register"),
                sources=(START,),
                targets=(RegisterState.KEPT,),
                who=(SYSTEM,),
                fact="people.register_opened",
            ),
        ),
        final=frozenset({RegisterState.KEPT.value}),
    )
)
