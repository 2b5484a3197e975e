"""What people see (*portail*): pages, JSON routes, the theme."""
