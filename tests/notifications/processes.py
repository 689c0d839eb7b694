"""Real Celery processes on the test's own database and its own number of the Redis server."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent
REDIS_NUMBER = 9


def redis_url() -> str:
    """A missing REDIS_URL is a failure, not a reason to skip."""
    return urlunsplit(urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{REDIS_NUMBER}"))


def database_url() -> str:
    assert connection.vendor == "postgresql", "These tests need PostgreSQL: set DATABASE_URL."
    told = connection.settings_dict
    password = f":{told['PASSWORD']}" if told["PASSWORD"] else ""
    return f"postgres://{told['USER']}{password}@{told['HOST']}:{told['PORT']}/{told['NAME']}"


class Processes:
    def __init__(self, *, mail_port: int, folder: Path) -> None:
        self.folder = folder
        self.running: list[subprocess.Popen[bytes]] = []
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.notifications.worker_settings",
            "DATABASE_URL": database_url(),
            "REDIS_URL": redis_url(),
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        }

    def celery(self, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"celery-{len(self.running)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "config", *arguments],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def worker(self) -> subprocess.Popen[bytes]:
        return self.celery("worker", "--concurrency=2", "--loglevel=WARNING", f"--hostname=w{len(self.running)}@%h")

    def beat(self) -> subprocess.Popen[bytes]:
        schedule = self.folder / f"beat-{len(self.running)}"
        return self.celery("beat", "--loglevel=WARNING", f"--schedule={schedule}", "--pidfile=")

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """The whole group at once, as when a machine loses its power."""
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def logs(self) -> str:
        return "\n".join(path.read_text(errors="replace")[-3000:] for path in sorted(self.folder.glob("*.log")))


@contextmanager
def processes(*, mail_port: int, folder: Path) -> Iterator[Processes]:
    started = Processes(mail_port=mail_port, folder=folder)
    try:
        yield started
    finally:
        for process in started.running:
            started.kill(process)


def wait_until(condition: Callable[[], bool], *, seconds: float, logs: Callable[[], str]) -> None:
    end = monotonic() + seconds
    while not condition():
        assert monotonic() < end, logs()
        sleep(0.2)
