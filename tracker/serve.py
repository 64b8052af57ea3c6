"""`make run`: the site and the worker beside each other, ended together; the site goes on without the worker."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / ".data"
SECONDS_TO_END = 10


def site(port: str) -> subprocess.Popen:
    # SIGTERM while workers start would hang granian for ever without a kill timeout.
    options = ["--workers", "2", "--blocking-threads", "1", "--workers-kill-timeout", "5", "--log-level", "warning"]
    where = ["--host", "127.0.0.1", "--port", port, "--pid-file", f".data/granian-{port}.pid"]
    program = Path(sys.executable).with_name("granian")
    return subprocess.Popen(  # noqa: S603 (fixed but for the port)
        [program, "--interface", "wsgi", *where, *options, "tracker.wsgi:application"], cwd=ROOT
    )


def worker(port: str) -> subprocess.Popen:
    started = subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=ROOT)
    (DATA / f"worker-{port}.pid").write_text(str(started.pid))
    return started


def main() -> None:
    port = sys.argv[1]
    served, beside = site(port), worker(port)
    ending = threading.Event()

    def end(*_: object) -> None:
        ending.set()
        for process in (served, beside):
            process.terminate()

    def tell_of_its_end() -> None:
        code = beside.wait()
        if not ending.is_set():
            sys.stderr.write(f"the worker ended ({code}); the site goes on, and pages asked for wait for a worker\n")

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    threading.Thread(target=tell_of_its_end, daemon=True).start()
    code = served.wait()
    end()
    try:
        beside.wait(timeout=SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        beside.kill()
    (DATA / f"worker-{port}.pid").unlink(missing_ok=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
