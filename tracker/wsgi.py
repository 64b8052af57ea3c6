import os

from django.core.checks import run_checks
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
# Commands and tests open one connection each; only a server gains from a pool.
os.environ.setdefault("DATABASE_POOL", "true")

application = get_wsgi_application()

# A misspelt PRODUCTION must not serve as if it were unset.
if faults := run_checks(tags=["environment"]):
    raise SystemExit("\n".join(str(fault) for fault in faults))
