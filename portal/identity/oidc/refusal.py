"""An answer of the provider's, or of someone in its place, that is not accepted."""

from __future__ import annotations

from http import HTTPStatus

from portal.nouns.errors import PortalError


class Refused(PortalError):
    """`reason` is for the log: a stable code, never a value of the answer's."""

    status = HTTPStatus.FORBIDDEN
    sentence = "La connexion n'a pas abouti. Rien n'a été perdu ; recommencez depuis la page de connexion."

    def __init__(self, reason: str, sentence: str = "") -> None:
        super().__init__(sentence)
        self.reason = reason


class Unreachable(Refused):
    """The provider does not answer, or not as a provider does."""

    status = HTTPStatus.BAD_GATEWAY
    sentence = (
        "Le service d'authentification ne répond pas. Vos documents et vos projets sont en sécurité ; "
        "réessayez dans un instant, ou prévenez l'assistance informatique."
    )
