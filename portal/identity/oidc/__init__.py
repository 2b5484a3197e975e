"""Sign-in by a provider (*connexion par un fournisseur d'identité*): OpenID Connect Core 1.0, code flow with PKCE."""
