"""Who may see and do what (*habilitations*): one rule, used for the query's filter and again at the door."""
