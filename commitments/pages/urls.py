from django.urls import path

from commitments.pages import checking, corrections, how, views

# Spanish addresses begin with /es/ (tracker/urls.py).
urlpatterns = [
    path("", views.HomePage.as_view(), name="home"),
    path("claims/", views.ClaimsPage.as_view(), name="claims"),
    path("claims/<str:id>/", views.ClaimPage.as_view(), name="claim_by_id"),
    path("commitments/", views.CommitmentsPage.as_view(), name="commitments"),
    path("commitments/<str:id>/", views.CommitmentPage.as_view(), name="commitment_by_id"),
    path("commitments/<str:id>/<str:slug>/", views.CommitmentPage.as_view(), name="commitment"),
    # Of the custodian itself.
    path("check/", checking.CheckPage.as_view(), name="check"),
    path("check/captures/<str:prefix>/", checking.CapturesPage.as_view(), name="check_captures"),
    path("sources/<str:id>/check/", checking.SourceCheckPage.as_view(), name="source_check"),
    path("corrections/", corrections.CorrectionsPage.as_view(), name="corrections"),
    path("how-we-know/", how.HowPage.as_view(), name="how"),
]
