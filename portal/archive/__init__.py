"""The archive (*archives*): case files, documents, versions, drafts, the journal. Everything that must never be lost."""
