"""`make stop`: ends, by process id, what this checkout left running."""

import signal
import sys
from contextlib import suppress
from pathlib import Path

import psutil

from tracker import embedded_postgres

DATA = Path(__file__).resolve().parent.parent / ".data"


def stop_process(pid_file: Path, sign: str) -> bool:
    """Ends the process whose number `pid_file` holds, unless the file outlived it and the number is another's now:
    `sign` stands in its command."""
    with suppress(psutil.NoSuchProcess, psutil.AccessDenied, FileNotFoundError, ValueError):
        server = psutil.Process(int(pid_file.read_text()))
        if sign in " ".join(server.cmdline()) and server.cwd() == str(DATA.parent):
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)
            return True
    return False


def main() -> None:
    for pid_file in DATA.glob("granian-*.pid"):
        if stop_process(pid_file, pid_file.name):
            sys.stdout.write(f"stopped the server of {pid_file.name}\n")
        pid_file.unlink(missing_ok=True)
    for pid_file in DATA.glob("worker-*.pid"):
        if stop_process(pid_file, "manage.py worker"):
            sys.stdout.write(f"stopped the worker of {pid_file.name}\n")
        pid_file.unlink(missing_ok=True)
    for data in ("postgres", "test-postgres"):
        if embedded_postgres.stop(DATA / data):
            sys.stdout.write(f"stopped the embedded PostgreSQL of .data/{data}\n")


if __name__ == "__main__":
    main()
