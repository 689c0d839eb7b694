"""A version of a scheme is written, checked by others, published, and retired when no cycle should begin with it."""

from django.utils.translation import gettext_lazy as _

from appraisal.people.states import Role as PeopleRole
from appraisal.schemes.models import SchemeVersion
from appraisal.schemes.rules import is_complete, keeps_schemes
from appraisal.schemes.states import VersionState, VersionVerb
from appraisal.workshop.rules import examples_hold, is_another
from workflow import facts
from workflow.facts import FactType
from workflow.machine import START, SYSTEM, Machine, Role, Transition, register

HR = PeopleRole.HR.value

facts.register(
    FactType("scheme.catalogued", _("Taken from the catalogue"), _("The scheme was taken from the catalogue")),
    FactType("scheme.written", _("Written"), _("%(actor)s wrote this version")),
    FactType("scheme.edited", _("Edited"), _("%(actor)s changed the draft")),
    FactType("scheme.submitted", _("Handed in for review"), _("%(actor)s handed the version in for review")),
    FactType("scheme.sent_back", _("Sent back"), _("%(actor)s sent the version back")),
    FactType("scheme.published", _("Published"), _("%(actor)s published the version")),
    FactType("scheme.retired", _("Retired"), _("%(actor)s retired the version")),
)

MACHINE = register(
    Machine(
        name="scheme_version",
        label=_("Scheme version"),
        model=SchemeVersion,
        states=VersionState,
        roles=(Role(HR, PeopleRole.HR.label, keeps_schemes),),
        transitions=(
            Transition(
                verb=VersionVerb.CATALOGUE,
                label=VersionVerb.CATALOGUE.label,
                sources=(START,),
                targets=(VersionState.PUBLISHED,),
                who=(SYSTEM, HR),
                fact="scheme.catalogued",
                guards=(is_complete,),
            ),
            Transition(
                verb=VersionVerb.WRITE,
                label=VersionVerb.WRITE.label,
                sources=(START,),
                targets=(VersionState.DRAFT,),
                who=(HR,),
                fact="scheme.written",
            ),
            Transition(
                verb=VersionVerb.SUBMIT,
                label=VersionVerb.SUBMIT.label,
                sources=(VersionState.DRAFT,),
                targets=(VersionState.IN_REVIEW,),
                who=(HR,),
                fact="scheme.submitted",
                guards=(is_complete, examples_hold),
            ),
            Transition(
                verb=VersionVerb.SEND_BACK,
                label=VersionVerb.SEND_BACK.label,
                sources=(VersionState.IN_REVIEW,),
                targets=(VersionState.DRAFT,),
                who=(HR,),
                fact="scheme.sent_back",
                needs_reason=True,
            ),
            Transition(
                verb=VersionVerb.PUBLISH,
                label=VersionVerb.PUBLISH.label,
                sources=(VersionState.IN_REVIEW,),
                targets=(VersionState.PUBLISHED,),
                who=(HR,),
                fact="scheme.published",
                guards=(is_another, is_complete, examples_hold),
            ),
            Transition(
                verb=VersionVerb.RETIRE,
                label=VersionVerb.RETIRE.label,
                sources=(VersionState.PUBLISHED,),
                targets=(VersionState.RETIRED,),
                who=(HR,),
                fact="scheme.retired",
                needs_reason=True,
            ),
        ),
        final=frozenset({VersionState.RETIRED.value}),
    )
)
