"""The engine on disk (*moteur*): tantivy, with clearance inside and silence by construction."""
