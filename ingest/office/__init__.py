"""Office documents (*documents bureautiques*): bytes in, text in the order a reader meets it."""
