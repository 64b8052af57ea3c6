"""Databases, and what holds for every test. What the product's tests act on is built in world.py.

A test that needs real commits gets a database of its own, cloned from the migrated test database: the guards
against TRUNCATE, which stop Django's own clean-up, are never switched off.
"""

import contextlib
import copy
import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.template import Context, Template
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.world import OFFERED, World

pytest_plugins = ["tests.serving"]
# Machines are noisy: how long an example takes says nothing of what is tested.
hypothesis_settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("untimed")


# Nobody connects to these two: PostgreSQL copies no database that somebody is connected to.
PRISTINE, WORLD = "pristine", "world"


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_modify_db_settings) -> Iterator[None]:
    """The test database, with the real record loaded once as `make run` loads it, and a copy to make clones of.

    Always made: pytest-django's own fixture makes none where a session runs only tests in clones, and those
    would then be clones of the record that is served."""
    with django_db_blocker.unblock():
        connections.settings["default"]["TEST"]["TEMPLATE"] = _migrated()
        made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
        call_command("load_record", settings.BASE_DIR / "fixtures", verbosity=0)
        connections.close_all()
        pristine = _copied(PRISTINE, of="")
    yield
    with django_db_blocker.unblock():
        _dropped(pristine)
        teardown_databases(made, verbosity=0)


def _migrated() -> str:
    """A database that is migrated and stays for later runs, because that takes longer than many of them; made anew
    once a migration is another one."""
    family = f"migrated_{settings.BASE_DIR.stat().st_ino}"
    name = f"{family}_{_digest_of_migrations()}"
    with connection._nodb_cursor() as cursor:
        # Of several processes one makes it.
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [family])
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [family])
        there = {old for (old,) in cursor.fetchall()}
        if name not in there:
            for old in there:
                _dropped(old)
            _migrate(f"{family}_begun")
            cursor.execute(f'ALTER DATABASE "{family}_begun" RENAME TO "{name}"')
    return name


def _digest_of_migrations() -> str:
    folders = [Path(app.path) / "migrations" for app in apps.get_app_configs()]
    digest = hashlib.sha256()
    for path in sorted(path for folder in folders for path in folder.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _migrate(name: str) -> None:
    told, before = connections.settings["default"]["TEST"], connection.settings_dict["NAME"]
    own, told["NAME"] = told["NAME"], name
    connection.creation.create_test_db(verbosity=0, serialize=False)
    connection.close()
    told["NAME"], connection.settings_dict["NAME"] = own, before


def _named(part: str) -> str:
    """A database of this process, beside the test database or, for no part, itself."""
    name = connections.settings["default"]["NAME"]
    return f"{name}_{part}" if part else name


def _copied(part: str, *, of: str) -> str:
    name = _named(part)
    # Of a run that was killed.
    _dropped(name)
    _on_the_server(f'CREATE DATABASE "{name}" TEMPLATE "{_named(of)}"')
    return name


def _dropped(name: str) -> None:
    """Sessions of threads and servers that a test left behind end with it."""
    _on_the_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _on_the_server(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture(scope="session", autouse=True)
def _reads_without_limit() -> None:
    """All tests of a process read from one address; those of the limit set their own."""
    settings.API_READS_PER_MINUTE = 0


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_looked_up_when_asked_for() -> None:
    """Every test client makes the middleware anew, and that would list them all."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(scope="session", autouse=True)
def _passwords_take_no_time() -> None:
    settings.PASSWORD_HASHERS = ["tests.desk.QuickHasher", *settings.PASSWORD_HASHERS]


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A request leaves its language to whoever comes next in the thread."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session", autouse=True)
def _only_pages_tell_their_context(django_test_environment) -> None:
    """In a test Django copies the context of every template for whoever asks: a form has hundreds, and that takes a
    third of its time. The outermost one's is kept."""
    told, within = Template._render, threading.local()

    def rendered(template: Template, context: Context) -> str:
        if getattr(within, "page", False):
            return template.nodelist.render(context)
        within.page = True
        try:
            return told(template, context)
        finally:
            within.page = False

    Template._render = rendered


@pytest.fixture(scope="session")
def _world_apart(django_db_setup, django_db_blocker) -> Iterator[World]:
    """A copy of the test database in which the world is published already: that takes longer than most tests."""
    with django_db_blocker.unblock():
        name = _copied(WORLD, of=PRISTINE)
        with _leading_over(made := _connection_to(name)):
            built = World()
        made.close()
        yield built
        _dropped(name)


@pytest.fixture(scope="session")
def _kept(_world_apart, django_db_blocker) -> Iterator[BaseDatabaseWrapper]:
    """The connection to a copy of the world, for all who roll back what they did: a new one would read PostgreSQL's
    whole catalogue anew, which takes longer than most tests."""
    with django_db_blocker.unblock():
        name = _copied("kept", of=WORLD)
        kept = _connection_to(name)
        yield kept
        kept.close()
        _dropped(name)


def _connection_to(name: str) -> BaseDatabaseWrapper:
    made = connections.create_connection("default")
    made.settings_dict = {**made.settings_dict, "NAME": name}
    return made


@contextlib.contextmanager
def _leading_over(chosen: BaseDatabaseWrapper) -> Iterator[None]:
    """Django's default connection is this one; those of threads that begin meanwhile lead to the same database."""
    told, before = connections.settings["default"], connections["default"]
    name = told["NAME"]
    connections["default"] = chosen
    told["NAME"] = chosen.settings_dict["NAME"]
    try:
        yield
    finally:
        told["NAME"] = name
        connections["default"] = before


def _commits(request) -> bool:
    """Whether a test commits for real, in a clone."""
    return "cloned_database" in request.fixturenames


@pytest.fixture
def _in_its_database(request, django_db_setup) -> Iterator[None]:
    """Where the world is, for who asks for it."""
    if "world" not in request.fixturenames or _commits(request):
        yield
        return
    with _leading_over(request.getfixturevalue("_kept")):
        yield


@pytest.fixture
def _django_db_helper(_in_its_database, _django_db_helper) -> None:
    """pytest-django's own, whose transaction begins in the right database."""


@pytest.fixture
def world(request, _world_apart) -> World:
    request.getfixturevalue("cloned_database" if _commits(request) else "db")
    return copy.deepcopy(_world_apart)


@pytest.fixture
def twin(world):
    """The world's commitment recorded a second time, with a claim of its own."""
    twin = world.draft_commitment("ships")
    claim = world.draft_claim(OFFERED, bears="proposed", on=twin)
    world.publish(twin, claim, world.draft_change("proposed", claim, "2020-01-06", on=twin))
    return twin


@pytest.fixture
def norway(world):
    """The state that promises, recorded a second time under another name."""
    norway = world._actor("norlandia", "Norlandia", "state")
    world.publish(norway)
    return norway


@pytest.fixture
def cloned_database(request, django_db_setup, django_db_blocker) -> Iterator[str]:
    """Django's default connection, in every thread, leads to a copy of the test database; its name."""
    assert not connection.in_atomic_block, "A test that commits for real must not ask for `db` as well."
    template = WORLD if "world" in request.fixturenames else PRISTINE
    with django_db_blocker.unblock():
        # One name in each process: the server that tests share reads whatever stands under it.
        clone = _copied("clone", of=template)
        try:
            with _leading_over(_connection_to(clone)):
                yield clone
                connections.close_all()
        finally:
            _dropped(clone)


# What is read, drawn, crawled or worked out here, and forms of the desk, rest on statements that other modules try on
# each server.
ANYWHERE = {
    "admin_forms",
    "admin_lists",
    "admin_publishing",
    "admin_statuses",
    "all_or_nothing",
    "api_conditional",
    "api_edges",
    "api_examples",
    "api_frozen",
    "api_guide",
    "api_limits",
    "api_memento",
    "api_problems",
    "api_routes",
    "api_served",
    "api_shapes",
    "canonical",
    "cards",
    "citations",
    "conflicts",
    "crawl_under_writers",
    "dates",
    "desk_access",
    "desk_words",
    "display",
    "docs",
    "drawing",
    "embeds",
    "extraction",
    "falling",
    "feeds",
    "fetches_at_the_desk",
    "fetching",
    "groups",
    "guard_sentences",
    "import_days",
    "import_desk",
    "import_export",
    "import_tables",
    "linked_data",
    "loader",
    "lockout",
    "marking",
    "merging_at_the_desk",
    "no_leak",
    "provenance_of_hubs",
    "restoring",
    "reviews",
    "second_person",
    "security_admin",
    "sessions",
    "sign_in",
    "sources_at_hand",
    "starting",
    "suggestions",
}


def pytest_collection_modifyitems(items) -> None:
    for item in items:
        name = item.path.stem.removeprefix("test_")
        if name in ANYWHERE or name.startswith("pages_"):
            item.add_marker("anywhere")


@pytest.fixture(scope="session")
def _zeal_watches():
    from zeal.constants import initialize_app_registry
    from zeal.patch import patch

    initialize_app_registry()
    patch()


@pytest.fixture
def no_repeated_queries(_zeal_watches) -> Iterator[None]:
    """The same related object fetched row by row (N+1) is an error inside the test."""
    from zeal import zeal_context

    with zeal_context():
        yield
