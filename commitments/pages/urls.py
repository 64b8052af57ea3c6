from django.urls import path

from commitments.pages import views

# Spanish addresses begin with /es/ (tracker/urls.py).
urlpatterns = [
    path("", views.HomePage.as_view(), name="home"),
    path("claims/", views.ClaimsPage.as_view(), name="claims"),
    path("claims/<str:id>/", views.ClaimPage.as_view(), name="claim_by_id"),
    path("commitments/", views.CommitmentsPage.as_view(), name="commitments"),
    path("commitments/<str:id>/", views.CommitmentPage.as_view(), name="commitment_by_id"),
    path("commitments/<str:id>/<str:slug>/", views.CommitmentPage.as_view(), name="commitment"),
]
