from django.urls import URLPattern, path

from commitments.api import guide, views
from commitments.api.views import PATHS

NAMED = {noun: words for noun, words in PATHS.items() if noun != "term"}


def of_thing(noun: str, address: str) -> list[URLPattern]:
    """What can be asked of one thing, whatever it is."""
    return [
        path(f"{address}/", views.ThingView.as_view(noun=noun)),
        path(f"{address}/timemap/", views.TimeMapView.as_view(noun=noun)),
        path(f"{address}/versions/", views.VersionsView.as_view(noun=noun)),
        path(f"{address}/versions/<str:n>/", views.VersionView.as_view(noun=noun)),
    ]


urlpatterns = [
    path("", guide.index),
    *(path(f"{words}/", views.ListView.as_view(noun=noun)) for noun, words in PATHS.items()),
    *(pattern for noun, words in NAMED.items() for pattern in of_thing(noun, f"{words}/<str:id>")),
    path("vocabularies/<str:scheme>/", views.TermListView.as_view()),
    *of_thing("term", "vocabularies/<str:scheme>/<str:slug>"),
    path("commitments/<str:id>/claims/", views.OfCommitmentView.as_view(noun="claim")),
    path("commitments/<str:id>/status-changes/", views.OfCommitmentView.as_view(noun="status_change")),
    path("commitments/<str:id>/provenance/", views.ProvenanceView.as_view(noun="commitment")),
    path("claims/<str:id>/provenance/", views.ProvenanceView.as_view(noun="claim")),
    path("changes/", views.ChangesView.as_view()),
    path("changes/<str:seq>/", views.ChangeView.as_view()),
    path("rubric/", views.RubricView.as_view()),
    path("openapi.json", views.OpenAPIView.as_view()),
]
