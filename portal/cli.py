"""The command `minutier`."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from portal.nouns.errors import PortalError
from portal.settings import Settings, read_settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status is 0 when it did all that was asked."""
    options = _parser().parse_args(arguments)
    settings = read_settings(os.environ)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s", stream=sys.stderr)
    try:
        status: int = options.run(options, settings)
    except PortalError as error:
        print(error.sentence, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return status


def serve(options: argparse.Namespace, settings: Settings) -> int:
    """Serve the portal, with the feed beside it unless another process runs it."""
    from portal.server import run  # noqa: PLC0415

    settings = replace(settings, host=options.host or settings.host, port=options.port or settings.port)
    return run(settings, feed=not options.no_feed)


def demo(options: argparse.Namespace, settings: Settings) -> int:
    """Serve an invented court, made on the first start."""
    from portal.app import open_archive  # noqa: PLC0415
    from portal.demo import seed  # noqa: PLC0415
    from portal.server import run  # noqa: PLC0415

    if "MINUTIER_HOME" not in os.environ:
        settings = replace(settings, home=settings.home / "demo")
        settings = replace(settings, database=f"sqlite:///{settings.home / 'archive.sqlite'}")
    settings = replace(settings, demo=True, port=options.port or settings.port, host=options.host or settings.host)
    archive = open_archive(settings)
    seed(archive)
    archive.close()
    print(f"Minutier vous attend sur http://{settings.host}:{settings.port}", file=sys.stderr)
    return run(settings, feed=True)


def ingest(options: argparse.Namespace, settings: Settings) -> int:
    """Read files, folders and archives into the court's archive."""
    from portal.commands.ingest import ingest_paths  # noqa: PLC0415

    return ingest_paths(settings, [Path(path) for path in options.paths], as_json=options.json, watching=options.watch)


def search(options: argparse.Namespace, settings: Settings) -> int:
    """Search from the command line."""
    from portal.app import open_archive, open_embedder, open_search  # noqa: PLC0415
    from portal.commands.search import search_once  # noqa: PLC0415

    archive = open_archive(settings)
    return search_once(
        archive,
        open_search(archive, open_embedder()),
        text=options.text,
        member=getattr(options, "as"),
        mode=options.mode,
        size=options.size,
        as_json=options.json,
    )


def evaluate(options: argparse.Namespace, settings: Settings) -> int:
    """Measure how well each mode finds, on judged queries."""
    from portal.app import open_embedder  # noqa: PLC0415

    try:
        from portal.commands.evaluate import evaluate_collection  # noqa: PLC0415
    except ImportError:
        print("L'évaluation demande l'extra : pip install 'minutier[evaluation]'.", file=sys.stderr)
        return 1
    return evaluate_collection(
        Path(options.folder),
        open_embedder(),
        cache=settings.cache,
        corpus=Path(options.corpus) if options.corpus else None,
        where=options.where,
        modes=options.mode or ("lexical", "semantic", "hybrid"),
        save=Path(options.save) if options.save else None,
        against=Path(options.against) if options.against else None,
        as_json=options.json,
    )


def index(options: argparse.Namespace, settings: Settings) -> int:
    """Follow the archive, or build the index anew."""
    from portal.app import open_archive, open_embedder, open_feed, open_rebuild  # noqa: PLC0415
    from portal.feed.generations import only_one  # noqa: PLC0415

    archive = open_archive(settings)
    embedder = open_embedder()
    if options.action == "rebuild":
        with only_one(settings.index / "rebuild.lock") as alone:
            if not alone:
                print("Une reconstruction est déjà en cours.", file=sys.stderr)
                return 1
            live = open_rebuild(archive, embedder).run(_show_rebuild)
        print(f"Index reconstruit : {live.name}", file=sys.stderr)
        return 0
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if options.until_eof:
        threading.Thread(target=_stop_at_eof, args=(stop,), daemon=True).start()
    while not stop.is_set():
        with only_one(settings.index / "feed.lock") as alone:
            if alone:
                open_feed(archive, embedder).run(stop)
        stop.wait(0.2)
    return 0


def token(options: argparse.Namespace, settings: Settings) -> int:
    """Print a bearer token for a member, once."""
    from portal.app import open_archive  # noqa: PLC0415
    from portal.identity.tokens import SCOPES  # noqa: PLC0415

    archive = open_archive(settings)
    try:
        print(
            archive.tokens.create(
                options.member,
                name="ligne de commande",
                life=timedelta(days=options.days),
                scopes=options.scope or SCOPES,
            )
        )
    except LookupError:
        print(f"Aucun membre « {options.member} ».", file=sys.stderr)
        return 1
    except ValueError:
        print("Un jeton dure d'un jour à un an.", file=sys.stderr)
        return 1
    return 0


def people(options: argparse.Namespace, settings: Settings) -> int:
    """Make the court's members those of its directory."""
    from portal.commands.people import sync_people  # noqa: PLC0415

    return sync_people(settings, Path(options.file), dry_run=options.dry_run, force=options.force)


def account(options: argparse.Namespace, settings: Settings) -> int:
    """Open, renew or close a local account."""
    from portal.commands.account import close_account, open_account  # noqa: PLC0415

    return (close_account if options.action == "remove" else open_account)(settings, options.member)


def audit(options: argparse.Namespace, settings: Settings) -> int:
    """Verify the journal, or take out what is past its legal term."""
    from portal.commands.audit import purge_before, verify_journal  # noqa: PLC0415

    if options.action == "verify":
        return verify_journal(settings, as_json=options.json)
    return purge_before(settings, options.before)


def keys(options: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001 - one action so far
    """Seal every document and secret by a new key. Cut short, it is simply run again; a portal that runs follows."""
    from portal.app import open_archive  # noqa: PLC0415
    from portal.store.bytes import FolderStore  # noqa: PLC0415
    from portal.store.keys import KeyFile, write_keys  # noqa: PLC0415
    from portal.store.vault import reseal  # noqa: PLC0415

    held = KeyFile(settings.document_keys)
    write_keys(held.path, held.current.with_new())
    changed = FolderStore(settings.bytes, held).rewrap()
    archive = open_archive(settings)
    try:
        reseal(archive.database)
    finally:
        archive.close()
    write_keys(held.path, held.current.without_old())
    print(f"{changed} documents scellés par la nouvelle clé. Gardez une copie du fichier de clés en lieu sûr.")
    return 0


def _stop_at_eof(stop: threading.Event) -> None:
    """The parent holds our standard input open; its end, even by kill -9, ends us too."""
    sys.stdin.buffer.read()
    stop.set()


def _show_rebuild(done: int, head: int) -> None:
    print(json.dumps({"revision": done, "head": head}), file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="minutier", description="Portail documentaire de la Cour de cassation")
    commands = parser.add_subparsers(required=True, metavar="COMMANDE")

    command = commands.add_parser("serve", help="servir le portail")
    command.add_argument("--host")
    command.add_argument("--port", type=int)
    command.add_argument("--no-feed", action="store_true", help="l'alimentation tourne ailleurs")
    command.set_defaults(run=serve)

    command = commands.add_parser("demo", help="servir une cour inventée")
    command.add_argument("--host")
    command.add_argument("--port", type=int)
    command.set_defaults(run=demo)

    command = commands.add_parser("ingest", help="verser des fichiers, dossiers ou archives")
    command.add_argument("paths", nargs="+", metavar="CHEMIN")
    command.add_argument("--json", action="store_true", help="finir par une ligne JSON")
    command.add_argument("--watch", action="store_true", help="suivre ce dossier de dépôt")
    command.set_defaults(run=ingest)

    command = commands.add_parser("search", help="chercher")
    command.add_argument("text", metavar="RECHERCHE")
    command.add_argument("--as", metavar="MEMBRE", help="avec les habilitations de ce membre")
    command.add_argument("--mode", choices=("hybrid", "lexical", "semantic"), default="hybrid")
    command.add_argument("--size", type=int, default=20)
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=search)

    command = commands.add_parser("evaluate", help="mesurer la recherche sur des requêtes jugées")
    command.add_argument("folder", metavar="DOSSIER", help="corpus.jsonl[.gz], queries.jsonl et qrels.tsv")
    command.add_argument("--corpus", metavar="FICHIER", help="un autre corpus, pour les mêmes requêtes")
    command.add_argument("--where", action="append", default=[], metavar="CHAMP=VALEUR", help="répétable")
    command.add_argument("--mode", action="append", choices=("hybrid", "lexical", "semantic"), help="répétable")
    command.add_argument("--save", metavar="FICHIER", help="garder les chiffres de chaque requête")
    command.add_argument("--against", metavar="FICHIER", help="comparer à des chiffres gardés")
    command.add_argument("--json", action="store_true", help="répondre par une ligne JSON")
    command.set_defaults(run=evaluate)

    command = commands.add_parser("index", help="alimenter ou reconstruire l'index")
    command.add_argument("action", choices=("follow", "rebuild"))
    command.add_argument("--until-eof", action="store_true", help="s'arrêter quand l'entrée standard se ferme")
    command.set_defaults(run=index)

    command = commands.add_parser("audit", help="vérifier le journal, ou le purger à son terme légal")
    actions = command.add_subparsers(required=True, metavar="ACTION")
    verify = actions.add_parser("verify", help="relire chaque entrée et la comparer à son sceau")
    verify.add_argument("--json", action="store_true", help="répondre par une ligne JSON")
    verify.set_defaults(run=audit, action="verify")
    purge = actions.add_parser("purge", help="retirer les entrées antérieures à un jour")
    purge.add_argument("--before", required=True, type=date.fromisoformat, metavar="AAAA-MM-JJ")
    purge.set_defaults(run=audit, action="purge")

    command = commands.add_parser("keys", help="gérer les clés qui scellent les documents")
    command.add_argument("action", choices=("rotate",))
    command.set_defaults(run=keys)

    _add_people(commands)
    return parser


def _add_people(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """What concerns who signs in."""
    command = commands.add_parser("token", help="gérer les jetons de l'API")
    actions = command.add_subparsers(required=True, metavar="ACTION")
    create = actions.add_parser("create", help="créer un jeton et l'afficher une fois")
    create.add_argument("member", metavar="MEMBRE")
    create.add_argument(
        "--scope", action="append", choices=("read", "write", "ingest"), help="répétable ; défaut : tout"
    )
    create.add_argument("--days", type=int, default=30)
    create.set_defaults(run=token)

    command = commands.add_parser("people", help="suivre l'annuaire de la cour")
    actions = command.add_subparsers(required=True, metavar="ACTION")
    sync = actions.add_parser("sync", help="membres, rôles, groupes et départs d'un fichier CSV")
    sync.add_argument("file", metavar="FICHIER.csv")
    sync.add_argument("--dry-run", action="store_true", help="dire ce qui changerait, sans rien changer")
    sync.add_argument("--force", action="store_true", help="même si plus d'un membre sur cinq part")
    sync.set_defaults(run=people)

    command = commands.add_parser("account", help="gérer les comptes locaux")
    actions = command.add_subparsers(required=True, metavar="ACTION")
    for action, what in (
        ("create", "ouvrir un compte et afficher une fois de quoi se connecter"),
        ("reset", "remplacer le mot de passe et le secret des codes"),
        ("remove", "fermer le compte"),
    ):
        one = actions.add_parser(action, help=what)
        one.add_argument("member", metavar="MEMBRE")
        one.set_defaults(run=account, action=action)


if __name__ == "__main__":
    sys.exit(main())
