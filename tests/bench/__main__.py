"""Runs every benchmark and prints what it measured: `make bench`."""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def main() -> int:
    codes = []
    for bench in sorted(FOLDER.glob("bench_*.py")):
        print(f"\n== {bench.stem} ==", flush=True)
        codes.append(subprocess.run([sys.executable, "-m", f"tests.bench.{bench.stem}"], check=False).returncode)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
