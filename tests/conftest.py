"""Databases, servers and browsers. What the product's tests act on is built in world.py.

A test that needs real commits gets a database of its own, cloned from the migrated test database: the guards
against TRUNCATE, which stop Django's own clean-up, are never switched off.
"""

import contextlib
import copy
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
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

# Machines are noisy: how long an example takes says nothing of what is tested.
hypothesis_settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("untimed")


# Nobody connects to these two, because PostgreSQL copies no database that somebody is connected to.
PRISTINE, WORLD = "pristine", "world"


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_modify_db_settings) -> Iterator[None]:
    """The test database, with the real record loaded once as `make run` loads it, and a copy to make clones of.

    Always made: pytest-django's own fixture makes none where a session runs only tests in clones, and those
    would then be clones of the record that is served."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
        call_command("load_record", settings.BASE_DIR / "fixtures", verbosity=0)
        connections.close_all()
        pristine = _copied(PRISTINE, of="")
    yield
    with django_db_blocker.unblock():
        _dropped(pristine)
        teardown_databases(made, verbosity=0)


def _named(part: str) -> str:
    """A database of this process, beside the test database or, for no part, itself."""
    name = connections.settings["default"]["NAME"]
    return f"{name}_{part}" if part else name


def _copied(part: str, *, of: str) -> str:
    name = _named(part)
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


@pytest.fixture
def cloned_url(cloned_database) -> str:
    """DATABASE_URL of the clone, for programs that the test starts."""
    if settings.DATABASE_URL:
        return urlsplit(settings.DATABASE_URL)._replace(path=f"/{cloned_database}").geturl()
    server = connection.settings_dict
    return f"postgres://{server['USER']}@{quote(server['HOST'], safe='')}/{cloned_database}"


# What is read, drawn, crawled or worked out here rests on statements that other modules try on each server.
ANYWHERE = {
    "api_examples",
    "api_guide",
    "canonical",
    "cards",
    "citations",
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
    "fetching",
    "groups",
    "guard_sentences",
    "import_days",
    "import_tables",
    "linked_data",
    "lockout",
    "no_leak",
    "roles",
    "security_admin",
    "sessions",
    "sign_in",
    "suggestions",
}


def pytest_collection_modifyitems(items) -> None:
    for item in items:
        name = item.path.stem.removeprefix("test_")
        if name in ANYWHERE or name.startswith("pages_"):
            item.add_marker("anywhere")


class Server:
    """The product as `make run` serves it, over whatever database stands under the name of the clone at the time of
    a request: started when a test first asks for it, and again should it have died."""

    def __init__(self, log: Path) -> None:
        self.log, self.process, self.url = log, None, ""

    def over(self, database_url: str) -> str:
        if self.process is None or self.process.poll() is not None:
            self._start(database_url)
        return self.url

    def _start(self, database_url: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port)]
        command += ["--blocking-threads", "1", "--workers-kill-timeout", "5", "tracker.wsgi:application"]
        # A pool would keep connections to a clone that is no more.
        here = {**os.environ, "DATABASE_URL": database_url, "DATABASE_POOL": "false"}
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=here, stdout=output, stderr=output)
        self.url = f"http://127.0.0.1:{port}"
        _wait_until_up(self.process, f"{self.url}/healthz", self.log)

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@pytest.fixture(scope="session")
def _server(tmp_path_factory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("server") / "server.log")
    yield server
    server.stop()


@pytest.fixture
def served(cloned_url, _server) -> str:
    """The base URL of the product over the clone."""
    return _server.over(cloned_url)


def _wait_until_up(server, url, log) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2):  # noqa: S310
            return
        time.sleep(0.1)
    pytest.fail(f"The server did not come up:\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser(django_db_setup):
    """Debian's Chromium, or the one that CHROMIUM names, without calls of its own to the outside."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        missing = "no Chromium: install Debian's package `chromium`, or name one in CHROMIUM"
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip)(missing)
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code, and which hides
    # the connections that the thread has open: nobody would close them.
    connections.close_all()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    off = ("background-networking", "component-update", "sync", "quic", "gpu", "dev-shm-usage")
    flags = ["--no-sandbox", "--no-first-run", *(f"--disable-{feature}" for feature in off)]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=flags)
        yield chromium
        chromium.close()
        connections.close_all()


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


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
