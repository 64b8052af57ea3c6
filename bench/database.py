"""The benchmark's own database. The record can never be emptied, so invented data must not meet a real one."""

import os
from pathlib import Path
from urllib.parse import quote, urlsplit

import django
import psycopg

NAME = "tracker_bench"


def use(name: str = NAME) -> None:
    """Sets Django up on DATABASE_URL, whose database must have `bench` in its name, or on the embedded server."""
    url = os.environ.get("DATABASE_URL") or embedded_url(name)
    if "bench" not in urlsplit(url).path:
        raise SystemExit("DATABASE_URL names no benchmark's database: its name must have “bench” in it.")
    os.environ["DATABASE_URL"] = url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    django.setup()


def embedded_url(name: str) -> str:
    """The address of the benchmark's database on this checkout's own server, made where it is missing."""
    from tracker import embedded_postgres as server

    host = server.start(Path(__file__).resolve().parent.parent / ".data" / "postgres")["HOST"]
    with psycopg.connect(host=host, user=server.SUPERUSER, dbname="postgres", autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {server.TEMPLATE}")
    return f"postgres://{server.SUPERUSER}@{quote(host, safe='')}/{name}"
