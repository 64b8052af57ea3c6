from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path, re_path
from django.utils.functional import lazy
from django.views.generic import RedirectView

from commitments.api import guide
from commitments.api.edge import nowhere
from commitments.pages.urls import of_all_languages

urlpatterns = [
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("account/", include("tracker.accounts.urls")),
    path("api/", guide.front, name="api"),
    path("api/console/", guide.ConsoleView.as_view(), name="api_console"),
    path("api/v1/", include("commitments.api.urls")),
    re_path("^api/", nowhere),
    # Browsers ask for it here on answers that name none.
    path("favicon.ico", RedirectView.as_view(url=lazy(static, str)("pages/favicon.svg"))),
    *of_all_languages,
    *i18n_patterns(
        path("", include("commitments.feeds.urls")),
        path("", include("commitments.pages.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "commitments.api.problems.bad_request"
handler403 = "commitments.api.problems.permission_denied"
handler404 = "commitments.api.problems.not_found"
handler500 = "commitments.api.problems.server_error"
