"""`minutier people sync`: the court's members made those of its directory."""

from __future__ import annotations

from pathlib import Path

from portal.app import open_archive
from portal.identity.directory import Difference, Directory, read_people
from portal.nouns.errors import PortalError
from portal.settings import Settings


def sync_people(settings: Settings, file: Path, *, dry_run: bool, force: bool) -> int:
    """0 once done, or told with `dry_run`. Raises PortalError where nothing was changed."""
    try:
        people = read_people(file.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise PortalError(f"« {file} » ne se lit pas comme un texte UTF-8. Rien n'a été changé.") from error
    archive = open_archive(settings)
    try:
        directory = Directory(archive.database)
        found = directory.compare(people) if dry_run else directory.synchronise(people, force=force)
    finally:
        archive.close()
    _show(found, dry_run=dry_run)
    return 0


def _show(found: Difference, *, dry_run: bool) -> None:
    for word, members in (("arrivée", found.joined), ("changement", found.changed), ("départ", found.left)):
        for member in members:
            print(f"{word} : {member}")
    told = f"{len(found.joined)} arrivées, {len(found.changed)} changements, {len(found.left)} départs"
    print(f"{told}{' ; rien n’a été changé' if dry_run else ''}.")
    if dry_run and found.too_many_left:
        print("Plus d'un membre sur cinq partirait : la synchronisation s'arrêtera sans --force.")
