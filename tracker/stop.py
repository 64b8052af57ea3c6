"""`make stop`: ends, by process id, what this checkout left running."""

import signal
import sys
from contextlib import suppress
from pathlib import Path

import psutil

from tracker import embedded_postgres

DATA = Path(__file__).resolve().parent.parent / ".data"


def stop_server(pid_file: Path) -> bool:
    """Ends the granian that wrote `pid_file`, unless the file outlived it and the number is another's now."""
    with suppress(psutil.NoSuchProcess, psutil.AccessDenied, FileNotFoundError):
        server = psutil.Process(int(pid_file.read_text()))
        if pid_file.name in " ".join(server.cmdline()) and server.cwd() == str(DATA.parent):
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)
            return True
    return False


def main() -> None:
    for pid_file in DATA.glob("granian-*.pid"):
        if stop_server(pid_file):
            sys.stdout.write(f"stopped the server of {pid_file.name}\n")
        pid_file.unlink(missing_ok=True)
    if embedded_postgres.stop(DATA / "postgres"):
        sys.stdout.write("stopped the embedded PostgreSQL\n")


if __name__ == "__main__":
    main()
