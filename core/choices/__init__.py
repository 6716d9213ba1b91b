"""What can be chosen: one table a file, one row a choice, read by everything that knows the choices."""
