"""Indexes for the queues of the desk, by what stands within a JSON column."""

from django.db import migrations

DATED = {
    "commitment": "made_on",
    "claim": "said_on",
    "statuschange": "effective",
    "occasion": "date",
    "source": "published",
}
UNDATED = [
    migrations.RunSQL(
        f"CREATE INDEX {noun}_undated ON commitments_{noun} (({column} ->> 'basis'), edited_at) "
        f"WHERE {column} ->> 'basis' IN ('unknown', 'curator_estimate')",
        f"DROP INDEX {noun}_undated",
    )
    for noun, column in DATED.items()
]


class Migration(migrations.Migration):
    dependencies = [("commitments", "0006_desk_indexes")]

    operations = [
        *UNDATED,
        migrations.RunSQL(
            "CREATE INDEX commitment_silent ON commitments_commitmentstanding ((row::jsonb ->> 'silent_since')) "
            "WHERE until_seq IS NULL AND NOT retracted AND is_open",
            "DROP INDEX commitment_silent",
        ),
    ]
