from django.templatetags.static import static
from django.urls import path
from django.utils.functional import lazy
from django.views.generic import RedirectView

from commitments.pages import views

urlpatterns = [
    path("", views.commitments, name="home"),
    path("commitments/", views.commitments, name="commitments"),
    path("commitments/<str:id>/", views.commitment, name="commitment_by_id"),
    path("commitments/<str:id>/<str:slug>/", views.commitment, name="commitment"),
    # Browsers ask for it here on answers that name none.
    path("favicon.ico", RedirectView.as_view(url=lazy(static, str)("pages/favicon.svg"))),
]
