from django.urls import path

from commitments.feeds.views import AtomFeed, FeedOfThing

urlpatterns = [
    path("feeds/changes.atom", AtomFeed.as_view(), name="changes_feed"),
    path("commitments/<str:id>/feed.atom", FeedOfThing.as_view(noun="commitment"), name="commitment_feed"),
    path("actors/<str:id>/feed.atom", FeedOfThing.as_view(noun="actor"), name="actor_feed"),
]
