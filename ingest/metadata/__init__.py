"""What a document says of itself (*métadonnées*), read from its prose where no field states it."""

from ingest.metadata.enrichment import enrich

__all__ = ["enrich"]
