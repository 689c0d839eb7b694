"""HR's pages about cycles. They stand in this room because launching and releasing do; their addresses say `cycles`."""

from django.urls import path

from appraisal.procedure.views import bulk, cycles, figures, populations, wizard

app_name = "cycles"
urlpatterns = [
    path("", cycles.cycle_list, name="cycle_list"),
    path("new/", wizard.cycle_new, name="cycle_new"),
    path("<int:pk>/", cycles.cycle_detail, name="cycle_detail"),
    path("<int:pk>/setup/", wizard.cycle_setup, name="cycle_setup"),
    path("<int:pk>/tracks/new/", wizard.track_add, name="track_add"),
    path("<int:pk>/people/", populations.cycle_people, name="cycle_people"),
    path("<int:pk>/check/", wizard.cycle_check, name="cycle_check"),
    path("<int:pk>/timeline/", wizard.cycle_timeline, name="cycle_timeline"),
    path("<int:pk>/launch/", wizard.cycle_launch, name="cycle_launch"),
    path("<int:pk>/messages/", cycles.cycle_messages, name="cycle_messages"),
    path("<int:pk>/figures/", figures.figure_requests, name="figure_requests"),
    path("<int:pk>/figures/<slug:role>/", figures.figures_extend, name="figures_extend"),
    path("<int:pk>/close/", cycles.cycle_close, name="cycle_close"),
    path("<int:pk>/cancel/", cycles.cycle_cancel, name="cycle_cancel"),
    path("<int:pk>/bulk/", bulk.bulk_preview, name="bulk_preview"),
    path("<int:pk>/bulk/confirm/", bulk.bulk_confirm, name="bulk_confirm"),
    path("tracks/<int:pk>/", wizard.track_edit, name="track_edit"),
    path("tracks/<int:pk>/people/", populations.track_people, name="track_people"),
    path("tracks/<int:pk>/remove/", wizard.track_remove, name="track_remove"),
    path("runs/<int:pk>/", bulk.run_detail, name="run_detail"),
    path("runs/<int:pk>/continue/", bulk.run_continue, name="run_continue"),
]
