from typing import Any

from django.core.management.base import BaseCommand

from commitments.messages import MO, PO, messages


class Command(BaseCommand):
    help = "Bring the Spanish catalogue up to date with what the desk says, and compile it."

    def handle(self, *args: Any, **options: Any) -> None:
        # Not there where the product only serves.
        import polib

        before = {(entry.msgid, entry.msgid_plural): entry for entry in polib.pofile(str(PO))}
        catalogue = polib.POFile(wrapwidth=110)
        catalogue.metadata = {
            "Language": "es",
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
            "Plural-Forms": "nplurals=2; plural=(n != 1);",
        }
        for (text, plural), file in sorted(messages().items(), key=lambda item: (item[1], item[0])):
            entry = before.get((text, plural)) or polib.POEntry(msgid=text, msgid_plural=plural)
            entry.occurrences = [(file, "")]
            if plural and not entry.msgstr_plural:
                entry.msgstr_plural = {0: "", 1: ""}
            catalogue.append(entry)
        catalogue.save(str(PO))
        catalogue.save_as_mofile(str(MO))
        missing = len(catalogue.untranslated_entries())
        self.stdout.write(f"{len(catalogue)} texts, {missing} without Spanish")
