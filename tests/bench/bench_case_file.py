"""From an appeal number to the readable case file: `python -m tests.bench.bench_case_file [PIECES]`, 500 by default.

The portal runs under uvicorn in a process of its own. Prints the server's time for the number and for the
file that it leads to, and in Chromium the time from Enter to the list on the screen. Asserts nothing.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from tests.bench.court import READER, cpu_seconds, fill, open_case, open_court, percentiles, piece, served

NUMBER = "21-12.345"
AIM_SERVER, AIM_SCREEN = 100, 300
"""Milliseconds, p95."""
KINDS = ("piece", "memoire", "rapport", "note", "courrier", "arret_attaque", "conclusions")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def _make(home: Path, pieces: int) -> str:
    """The court with one file of so many pieces. Returns a token of its rapporteur."""
    archive = open_court(home)
    fill(archive, 200, words=300)
    case_file = open_case(archive, "2112345")
    deposits = [
        piece(archive, case_file, f"Pièce n° {number}, attestation", f"Pièce {number}", KINDS[number % len(KINDS)])
        for number in range(pieces)
    ]
    archive.documents.deposit(deposits)
    token = archive.tokens.create(READER)
    archive.close()
    return token


def _seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _line(name: str, times: list[float], aim: int | None = None) -> None:
    figures = percentiles(times)
    met = "" if aim is None else f"  aim {aim} ms: {'met' if figures[1] <= aim else 'missed'}"
    print(f"  {name:<52}" + "".join(f"{figure:9.1f}" for figure in figures) + met, flush=True)


def _server(address: str, process: int, token: str, rounds: int, pieces: int) -> None:
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}", "Accept": "text/html"}) as client:

        def follow() -> httpx.Response:
            return client.get("/recherche", params={"q": NUMBER}, follow_redirects=True)

        found = follow()
        links = found.text.count('class="line piece"')
        if found.status_code != 200 or links != pieces:
            print(f"  the file shows {links} pieces of {pieces}, status {found.status_code}: {found.url}")
            return
        for _ in range(5):
            follow()
        _line(
            "the number alone (303)",
            [_seconds(lambda: client.get("/recherche", params={"q": NUMBER})) for _ in range(rounds)],
        )
        before = cpu_seconds(process)
        _line("number to the whole file, over HTTP", [_seconds(follow) for _ in range(rounds)], AIM_SERVER)
        spent = (cpu_seconds(process) - before) / rounds
        print(f"  {len(found.content) / 1024:.0f} KiB of HTML; {spent * 1e3:.1f} ms of the server's processor each")


def _screen(address: str, token: str, rounds: int) -> None:
    if CHROMIUM is None:
        print("  no Chromium: the screen was not measured")
        return
    from playwright.sync_api import sync_playwright  # takes a second to import

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(
            base_url=address, extra_http_headers={"Authorization": f"Bearer {token}"}, viewport=SCREEN
        )
        page.add_init_script(WATCH)
        times = [_open(page) for _ in range(rounds + 2)][2:]
        browser.close()
    _line("Enter to the list painted, in Chromium", times, AIM_SCREEN)


SCREEN: Any = {"width": 1366, "height": 768}
WATCH = """
addEventListener('keydown', event => event.key === 'Enter' && sessionStorage.setItem('enter', Date.now()), true);
const look = () => document.querySelector('a.line.piece')
  ? setTimeout(() => { window.painted = Date.now() }, 0)
  : requestAnimationFrame(look);
requestAnimationFrame(look);
"""
"""Notes, by the browser's own clock, when Enter was pressed and when a frame with pieces in it was painted."""


def _open(page: Any) -> float:
    """Seconds from Enter in the search box until the pieces are painted."""
    page.goto("/")
    page.fill("#q", NUMBER)
    page.press("#q", "Enter")
    page.wait_for_url("**/dossiers/**")
    page.wait_for_function("window.painted")
    return float(page.evaluate("window.painted - Number(sessionStorage.getItem('enter'))")) / 1e3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pieces", type=int, nargs="?", default=500)
    parser.add_argument("--rounds", type=int, default=100)
    given = parser.parse_args()
    print(f"Number typed to a readable file of {given.pieces} pieces{'p50':>14}{'p95':>9}{'p99':>9}  ms")
    with tempfile.TemporaryDirectory(prefix="minutier-bench-") as folder:
        token = _make(Path(folder), given.pieces)
        with served(Path(folder)) as (address, process):
            _server(address, process, token, given.rounds, given.pieces)
            _screen(address, token, max(given.rounds // 4, 5))


if __name__ == "__main__":
    main()
