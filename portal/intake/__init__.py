"""From files to the archive (*versement*): read in the sandbox, deposit, or hold with a reason."""
