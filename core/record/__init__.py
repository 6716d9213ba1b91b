"""What must last, in one database: the only wing that knows SQLAlchemy."""
