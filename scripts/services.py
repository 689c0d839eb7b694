"""Runs a command with PostgreSQL and Redis at hand: `python scripts/services.py pytest …`.

Each service is taken from the environment (DATABASE_URL, REDIS_URL) where it is given; else its program on this
machine is started on a free port of the loopback address; else it is installed (apt-get as root). What cannot be
had is an error, never a skipped test. Everything started here is stopped at the end.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

LOOPBACK = "127.0.0.1"


def main() -> int:
    command = sys.argv[1:]
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pingheng-services-")))
        home.chmod(0o755)
        environment = dict(os.environ)
        if "DATABASE_URL" not in environment:
            environment["DATABASE_URL"] = start_postgres(home, stack.callback)
        if not environment.get("REDIS_URL"):
            environment["REDIS_URL"] = start_redis(home, stack.callback)
        return subprocess.run(command, env=environment, check=False).returncode


def start_postgres(home: Path, at_end: Callable[..., object]) -> str:
    binaries = find_postgres() or (install("postgresql") and find_postgres())
    if not binaries:
        sys.exit("PostgreSQL is missing: install it, or set DATABASE_URL to a server that tests may use.")
    data, port = home / "postgres", free_port()
    data.mkdir()
    # The server refuses to run as root.
    owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if owner:
        shutil.chown(data, "postgres")
    run([*owner, binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"])
    settings = {
        "port": port, "listen_addresses": LOOPBACK, "unix_socket_directories": data, "fsync": "off",
        "synchronous_commit": "off", "full_page_writes": "off", "max_connections": 200, "shared_buffers": "256MB",
        # Tables that were empty when a connection first asked them would be read from end to end ever after.
        "plan_cache_mode": "force_custom_plan", "jit": "off",
    }  # fmt: skip
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    control = [*owner, binaries / "pg_ctl", "-D", data]
    run([*control, "-w", "-l", data / "log", "-o", options, "start"])
    at_end(run, [*control, "-m", "immediate", "stop"])
    return f"postgres://postgres@{LOOPBACK}:{port}/pingheng"


def find_postgres() -> Path | None:
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def start_redis(home: Path, at_end: Callable[..., object]) -> str:
    program = shutil.which("redis-server") or (install("redis-server") and shutil.which("redis-server"))
    if not program:
        sys.exit("Redis is missing: install it, or set REDIS_URL to a server that tests may use.")
    port = free_port()
    server = subprocess.Popen(
        [program, "--port", str(port), "--bind", LOOPBACK, "--save", "", "--dir", str(home)],
        stdout=subprocess.DEVNULL,
    )
    at_end(server.wait)
    at_end(server.terminate)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex((LOOPBACK, port)) == 0:
                return f"redis://{LOOPBACK}:{port}/0"
        time.sleep(0.1)
    sys.exit("Redis did not start.")


def install(package: str) -> bool:
    """By the system's package manager where this user may; the tests need the real program."""
    apt = shutil.which("apt-get")
    if os.geteuid() != 0 or apt is None:
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([apt, "update", "-qq"], env=environment, check=False)
    arguments = [apt, "install", "-y", "-qq", "--no-install-recommends", package]
    return subprocess.run(arguments, env=environment, check=False, stdout=subprocess.DEVNULL).returncode == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def run(arguments: list[object]) -> None:
    # The working directory may be closed to the server's user.
    subprocess.run([str(a) for a in arguments], check=True, stdout=subprocess.DEVNULL, cwd="/")


if __name__ == "__main__":
    sys.exit(main())
