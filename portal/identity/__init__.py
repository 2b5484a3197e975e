"""Who is there (*connexion*): sign-ins by cookie, bearer tokens for the API."""
