"""From archive to index (*alimentation*): a cursor that follows revisions, and a rebuild beside the live index."""
