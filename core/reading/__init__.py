"""What a trained network answers, how well, and why: NumPy only."""
