"""The journal (*journal des accès et des changements*): chained, sealed, anchored outside the database, verified."""
