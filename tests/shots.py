"""Pictures of every main page with the demo's data: `make shots`, or `python -m tests.shots --keep FOLDER --only TEXT`.

They are for looking at: broken frames, lines that overlap, words in the wrong language, pages wider than a phone.
"""

from __future__ import annotations

import argparse
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

    from tests.shots_places import Places

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "shots"
LANGUAGES = {"zh": "zh-hans", "en": "en"}
WIDTHS = (1280, 390)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDE = "document.scrollingElement.scrollWidth > window.innerWidth"


def prepare(folder: Path) -> None:
    """Django on an SQLite file in `folder`, with the demo in it."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3",
        "PINGHENG_VAR": str(folder),
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
    }
    subprocess.run([sys.executable, "manage.py", "demo", "--no-serve"], cwd=ROOT, check=True)
    import django

    django.setup()


@contextmanager
def serving() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    site = subprocess.Popen([sys.executable, "manage.py", "serve", "--port", str(port)], cwd=ROOT)
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{base}/healthz")
        yield base
    finally:
        site.terminate()
        site.wait(timeout=30)


def _wait_for(url: str) -> None:
    for _second in range(120):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.5)
    raise SystemExit("The site did not start.")


def session_of(username: str) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from appraisal.people.models import User

    user = User.objects.get(username=username)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def chromium() -> str:
    from tests.journeys.conftest import chromium as found

    return found()


def opened(browser: Browser, base: str, who: str, lang: str, width: int, *, dark: bool = False) -> BrowserContext:
    context = browser.new_context(
        base_url=base,
        viewport={"width": width, "height": 900 if width > 600 else 844},
        locale="zh-CN" if lang == "zh" else "en-GB",
        timezone_id="Asia/Shanghai",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    cookies = {"django_language": LANGUAGES[lang]}
    if who:
        cookies["sessionid"] = session_of(who)
    context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items()])
    context.set_default_timeout(60_000)
    return context


def shoot(browser: Browser, base: str, places: Places, args: argparse.Namespace) -> list[str]:
    """The pictures, and a line for each page that does not answer or is wider than its window."""
    faults = []
    for role, pages in places.items():
        who, name = role.split(" ") if " " in role else ("", role)
        chosen = {page: path for page, path in pages.items() if re.search(args.only, f"{name}-{page}")}
        for lang in args.lang if chosen else ():
            for width in args.width:
                context = opened(browser, base, who, lang, width, dark=args.dark)
                page = context.new_page()
                for label, path in chosen.items():
                    answer = page.goto(path, wait_until="networkidle")
                    if answer is None or answer.status != 200:
                        faults.append(f"{name}-{label}: {path} answered {answer.status if answer else 'nothing'}")
                    if page.evaluate(WIDE):
                        faults.append(f"{name}-{label}-{lang}-{width}: {path} is wider than its window")
                    dark = "-dark" if args.dark else ""
                    page.screenshot(path=OUT / f"{name}-{label}-{lang}-{width}{dark}.png", full_page=True)
                context.close()
    return faults


def sheets(browser: Browser, names: list[str]) -> None:
    """The pictures of a role in one language and width beside each other."""
    for name in names:
        for lang in LANGUAGES:
            for width in WIDTHS:
                found = sorted(path.name for path in OUT.glob(f"{name}-*-{lang}-{width}.png"))
                if not found:
                    continue
                side = 620 if width > WIDTHS[1] else 260
                pictures = "".join(f'<img src="{path}">' for path in found)
                style = f"body{{margin:8px;background:#888}}img{{width:{side}px;height:{side}px;margin:4px}}"
                html = OUT / "sheet.html"
                html.write_text(f"<style>{style}img{{object-fit:cover;object-position:top}}</style>{pictures}")
                page = browser.new_page(viewport={"width": 1920, "height": 600})
                page.goto(html.as_uri())
                page.screenshot(path=OUT / f"sheet-{name}-{lang}-{width}.png", full_page=True)
                page.close()
                html.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.shots", description=__doc__)
    parser.add_argument("--keep", type=Path, help="A folder whose demo is used again.")
    parser.add_argument("--base", default="", help="A running site on that folder's demo.")
    parser.add_argument("--only", default="", help="Only pages whose `role-page` matches this pattern.")
    parser.add_argument("--lang", nargs="*", default=list(LANGUAGES))
    parser.add_argument("--width", nargs="*", type=int, default=list(WIDTHS))
    parser.add_argument("--dark", action="store_true")
    args = parser.parse_args()
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        prepare(args.keep or Path(scratch))
        from playwright.sync_api import sync_playwright

        from tests.shots_places import places

        where = places()
        site = serving()
        base = args.base or site.__enter__()
        try:
            with sync_playwright() as play:
                browser = play.chromium.launch(executable_path=chromium(), args=FLAGS)
                faults = shoot(browser, base, where, args)
                sheets(browser, [role.split(" ")[-1] for role in where])
                browser.close()
        finally:
            if not args.base:
                site.__exit__(None, None, None)
    print("\n".join(faults) or f"{len(list(OUT.glob('*.png')))} pictures in {OUT}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
