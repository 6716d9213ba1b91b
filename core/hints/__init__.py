"""What one's own experiment hints at, before it is trained and from inside it."""
