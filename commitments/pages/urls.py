from django.urls import path, register_converter

from commitments.pages import checking, corrections, embeds, finding, formats, how, indexes, views

register_converter(formats.FormatConverter, "format")

# Spanish addresses begin with /es/ (tracker/urls.py).
urlpatterns = [
    path("", views.HomePage.as_view(), name="home"),
    path("claims/", views.ClaimsPage.as_view(), name="claims"),
    path("claims/<str:id>/", views.ClaimPage.as_view(), name="claim_by_id"),
    path("commitments/", views.CommitmentsPage.as_view(), name="commitments"),
    path("commitments/<str:id>/", views.CommitmentPage.as_view(), name="commitment_by_id"),
    path("commitments/<str:id>/<str:slug>/", views.CommitmentPage.as_view(), name="commitment"),
    path("commitments/<str:id>/<format:format>", views.CommitmentFile.as_view(), name="commitment_file"),
    path("claims/<str:id>/<format:format>", views.ClaimFile.as_view(), name="claim_file"),
    path("embed/commitments/<str:id>/", embeds.EmbeddedStatus.as_view(), name="embed_commitment"),
    path("embed/commitments/<str:id>/timeline/", embeds.EmbeddedTimeline.as_view(), name="embed_timeline"),
    path("actors/", indexes.ActorsPage.as_view(), name="actors"),
    path("actors/<str:id>/", views.ActorPage.as_view(), name="actor_by_id"),
    path("occasions/", indexes.OccasionsPage.as_view(), name="occasions"),
    path("occasions/<str:id>/", views.OccasionPage.as_view(), name="occasion_by_id"),
    path("sources/", indexes.SourcesPage.as_view(), name="sources"),
    path("sources/<str:id>/", views.SourcePage.as_view(), name="source_by_id"),
    # Of the custodian itself.
    path("check/", checking.CheckPage.as_view(), name="check"),
    path("check/captures/<str:prefix>/", checking.CapturesPage.as_view(), name="check_captures"),
    path("sources/<str:id>/check/", checking.SourceCheckPage.as_view(), name="source_check"),
    path("corrections/", corrections.CorrectionsPage.as_view(), name="corrections"),
    path("how-we-know/", how.HowPage.as_view(), name="how"),
]
# Of every language at once.
of_all_languages = [
    path("sitemap.xml", finding.Sitemap.as_view(), name="sitemap"),
    path("robots.txt", finding.Robots.as_view(), name="robots"),
]
