"""What moves by itself is pushed: one look at the record for all who watch, and a WebSocket for each tab."""
