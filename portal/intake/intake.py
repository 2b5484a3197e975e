"""A file comes in: its bytes are kept, the sandbox reads it, the archive takes it or the quarantine holds it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

from ingest import Extraction, Unreadable, Workers
from portal.archive.documents import Deposit, Documents, Receipt
from portal.archive.quarantine import Held, Quarantine
from portal.intake.quota import Quota
from portal.nouns.errors import NotAllowed, NotFound, PortalError
from portal.nouns.kinds import KINDS
from portal.nouns.member import Member
from portal.policy.clearances import Clearances
from portal.store.database import Database
from portal.store.tables import CaseFileRow


class Intake:
    """Deposits by people (*dépôt*). Worker processes start with the first file."""

    def __init__(
        self,
        documents: Documents,
        quarantine: Quarantine,
        clearances: Clearances,
        database: Database,
        *,
        workers: int,
        quota: Quota | None = None,
    ) -> None:
        self._documents = documents
        self._quarantine = quarantine
        self._clearances = clearances
        self._database = database
        self._count = workers
        self._quota = quota or Quota(database)
        self._workers: Workers | None = None
        self._lock = threading.Lock()

    def deposit(self, body: bytes, name: str, *, by: Member, case_file: str | None = None, kind: str = "") -> Receipt:
        """Deposit a file into a case file, or into the inbox where `case_file` is None.

        Raises NotFound, NotAllowed; Unreadable, and then the file waits in quarantine.
        """
        self._admit(by, case_file)
        if kind and kind not in KINDS:
            raise PortalError("Cette nature de pièce n'existe pas. Choisissez-en une dans la liste.")
        if not body:
            raise PortalError(f"« {name} » est vide : rien n'a été déposé. Vérifiez le fichier puis recommencez.")
        self._quota.take(by.id, len(body), datetime.now(UTC).date())
        digest = self._documents.put(BytesIO(body))
        try:
            extraction = self.read(body, name)
        except Unreadable as refusal:
            self._quarantine.hold(
                Held(
                    name=name,
                    digest=digest,
                    size=len(body),
                    reason=refusal.reason,
                    sentence=refusal.sentence,
                    by=by.id,
                    case_file=case_file,
                )
            )
            raise
        deposit = Deposit(
            digest=digest,
            size=len(body),
            name=name,
            extraction=private(extraction),
            case_file=case_file,
            by=by.id,
            kind=kind,
        )
        return self._documents.deposit([deposit])[0]

    def retry(self, identifier: str, *, by: Member) -> Receipt:
        """Read a quarantined file again, for the greffe. Raises NotFound; Unreadable, and then it goes on waiting."""
        held = self._quarantine.get(identifier)
        if held is None or "greffe" not in by.roles:
            raise NotFound
        with self._documents.open_bytes(held.digest) as file:
            body = file.read()
        receipt = self.deposit(body, held.name, by=by, case_file=held.case_file_id)
        self._quarantine.release(identifier, by.id)
        return receipt

    def read(self, body: bytes, name: str) -> Extraction:
        """Read bytes in the sandbox. Raises Unreadable."""
        with self._lock:
            if self._workers is None:
                self._workers = Workers(count=self._count)
        return self._workers.extract(body, name)

    def close(self) -> None:
        with self._lock:
            if self._workers is not None:
                self._workers.close()
            self._workers = None

    def _admit(self, member: Member, case_file: str | None) -> None:
        if case_file is None:
            if "greffe" not in member.roles:
                raise NotAllowed("Le greffe seul dépose des pièces à classer. Ouvrez d'abord le dossier.")
            return
        with self._database.read() as session:
            row = session.get(CaseFileRow, case_file)
            if row is None or not self._clearances.may_know(session, member, row):
                raise NotFound
            if not self._clearances.may_deposit_in(session, member, row):
                raise NotAllowed("Vous lisez ce dossier sans pouvoir y déposer. Confiez la pièce au greffe.")


def private(extraction: Extraction) -> Extraction:
    """What a person deposits is never published by its own say-so."""
    if not extraction.metadata.published:
        return extraction
    return replace(extraction, metadata=replace(extraction.metadata, published=False, source="file"))
