"""The product as a program, and a browser before it."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings
from django.db import connection, connections


@pytest.fixture
def cloned_url(cloned_database) -> str:
    """DATABASE_URL of the clone, for programs that the test starts."""
    if settings.DATABASE_URL:
        return urlsplit(settings.DATABASE_URL)._replace(path=f"/{cloned_database}").geturl()
    server = connection.settings_dict
    return f"postgres://{server['USER']}@{quote(server['HOST'], safe='')}/{cloned_database}"


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
