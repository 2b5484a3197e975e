"""The archive (*archives*): case files, documents, versions, drafts, the journal. Nothing of it is ever lost."""
