"""Where things are kept: the archive's tables, the bytes, the editor's update log."""
