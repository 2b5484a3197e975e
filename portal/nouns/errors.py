"""What can go wrong for a person: each error carries its status and the sentence that says what to do."""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar


class PortalError(Exception):
    """An error whose sentence is for a person, in French."""

    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST
    sentence: str = "La demande n'a pas été comprise. Rien n'a été perdu ; vérifiez-la puis recommencez."

    def __init__(self, sentence: str = "") -> None:
        if sentence:
            self.sentence = sentence
        super().__init__(self.sentence)


class NotFound(PortalError):
    """What does not exist and what may not be seen: the two answer alike."""

    status = HTTPStatus.NOT_FOUND
    sentence = "Introuvable : cette page n'existe pas, ou elle ne vous est pas ouverte."


class NotAllowed(PortalError):
    """Seen, but not to be changed by this person."""

    status = HTTPStatus.FORBIDDEN
    sentence = "Vous pouvez lire ce document, mais pas faire ce changement. Demandez-le à son auteur."


class SignInNeeded(PortalError):
    status = HTTPStatus.UNAUTHORIZED
    sentence = "Connectez-vous pour continuer."


class Conflict(PortalError):
    status = HTTPStatus.CONFLICT
    sentence = "Ce document a changé entre-temps. Rechargez la page : rien n'a été perdu."


class TooLarge(PortalError):
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    sentence = "Ce fichier dépasse la taille admise. Déposez-le en plusieurs parties."


class TooMany(PortalError):
    """One member, or one address, asks for more at once than anyone needs."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    sentence = "Trop de demandes à la fois. Rien n'a été perdu ; attendez quelques secondes puis recommencez."


class Unwritten(PortalError):
    """The disk did not take the journal or the archive: nothing is served, nothing is accepted."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    sentence = "L'enregistrement est momentanément impossible. Rien n'a été perdu ; réessayez dans un instant."
