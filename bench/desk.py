"""How long the desk's pages take where every noun has 100,000 rows: `python -m bench.desk`.

Works on a database of its own, whose rows are copies with new ids, written past the guards: it answers lists, and is
no record. For each page: how many queries, the milliseconds of all, and the slowest. A word leaves out the pages
without it; `--as-it-is` copies nothing.
"""

from __future__ import annotations

import sys

from bench import database

ROWS = 100_000
NAME = "tracker_bench_desk"
# By table: the columns that a copy has of its own, in SQL, where `t` is the original and `copied` the copy's number.
IDS = "substr(t.{column}, 1, 4) || left(md5(t.{column} || copied), 26)"
SLUG = "left(t.slug, 60) || '-' || copied"
DIGEST = "md5(t.id || copied) || md5(copied || t.id)"
COPIES = {
    "actor": {"id": IDS, "slug": SLUG, "name": "t.name || ' ' || copied"},
    "office": {"id": IDS, "slug": SLUG},
    "occasion": {"id": IDS, "slug": SLUG},
    "source": {"id": IDS, "slug": SLUG, "url": "''", "url_key": "NULL"},
    "capture": {"id": IDS, "sha256": DIGEST},
    "passage": {"id": IDS},
    "claim": {"id": IDS},
    "commitment": {"id": IDS, "slug": SLUG, "title_en": "t.title_en || ' ' || copied"},
    "statuschange": {"id": IDS, "corrects_id": "NULL"},
    "party": {"id": "t.id + copied * 1000", "commitment_id": IDS},
    "bearing": {"id": "t.id + copied * 1000", "claim_id": IDS},
    "commitmentstanding": {"subject_id": IDS},
    "claimstanding": {"subject_id": IDS},
    "entry": {"seq": "t.seq + copied * 100000", "set_last": "t.set_last + copied * 100000", "subject_id": IDS},
    "version": {"seq": "t.seq + copied * 100000", "subject_id": IDS},
}


def copy(cursor, noun: str, own: dict[str, str]) -> None:
    """`ROWS` copies, as they were: published, drafts, retracted."""
    table = f"commitments_{noun}"
    cursor.execute(f"SELECT count(*) FROM {table}")
    [there] = cursor.fetchone()
    if there >= ROWS:
        return
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'"
        " ORDER BY ordinal_position",
        [table],
    )
    columns = [name for (name,) in cursor.fetchall()]
    values = ", ".join(own.get(c, f't."{c}"').format(column=c) for c in columns)
    names = ", ".join(f'"{c}"' for c in columns)
    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} t, generate_series(1, {ROWS // there}) copied"
        " ON CONFLICT DO NOTHING"
    )
    cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
    cursor.execute(f"ANALYZE {table}")


def prepare() -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("load_record", settings.BASE_DIR / "fixtures", verbosity=0)
    with connection.cursor() as cursor:
        for noun, own in COPIES.items():
            copy(cursor, noun, own)
        # Some of each noun are drafts, some have been edited since.
        for noun in ("claim", "commitment", "passage"):
            table = f"commitments_{noun}"
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            cursor.execute(f"UPDATE {table} SET published_at = NULL WHERE right(id, 2) = 'a7'")
            cursor.execute(f"UPDATE {table} SET edited_at = now() WHERE right(id, 3) = 'b13'")
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
            cursor.execute(f"VACUUM ANALYZE {table}")


def pages() -> list[str]:
    from django.contrib import admin
    from django.urls import reverse

    found = ["/admin/"]
    for model in admin.site._registry:
        if model._meta.app_label == "commitments":
            url = reverse(f"admin:commitments_{model._meta.model_name}_changelist")
            found += [url, f"{url}?p=500", f"{url}?q=extradit", f"{url}?q=nothing-like-it"]
            found += [f"{url}?o={place}" for place in ("2", "-5")]
            if hasattr(model, "published_at"):
                found += [f"{url}?state={state}" for state in ("draft", "published", "edited", "retracted")]
    try:
        from commitments.admin.queues import QUEUES
    except ImportError:
        return found
    return found + [f"/admin/commitments/queue/{queue.slug}/" for queue in QUEUES]


def measure(client, url: str) -> tuple[float, int, float, str, float]:
    """(milliseconds in all, queries, milliseconds of the slowest, its beginning, milliseconds of all queries)"""
    import time

    from django.db import connection, reset_queries

    reset_queries()
    began = time.perf_counter()
    status = client.get(url).status_code
    took = (time.perf_counter() - began) * 1000
    assert status == 200, (url, status)
    times = [(float(q["time"]) * 1000, q["sql"]) for q in connection.queries]
    slowest, sql = max(times)
    return took, len(times), slowest, sql[:60], sum(t for t, _ in times)


def main() -> None:
    database.use(NAME)
    from django.contrib.auth.models import User
    from django.db import connection

    from tests.desk import entered

    if "--as-it-is" not in sys.argv:
        prepare()
    connection.force_debug_cursor = True
    client = entered(User.objects.get_or_create(username="bench", is_staff=True, is_superuser=True)[0])
    client.defaults["HTTP_HOST"] = "127.0.0.1"
    only = next((word for word in sys.argv[1:] if not word.startswith("--")), "")
    print(f"{'all ms':>8} {'queries':>8} {'slowest ms':>11}  page")
    for url in pages():
        if only in url:
            measure(client, url)
            took, queries, slowest, _, _ = measure(client, url)
            print(f"{took:8.0f} {queries:8} {slowest:11.0f}  {url}", flush=True)


if __name__ == "__main__":
    main()
