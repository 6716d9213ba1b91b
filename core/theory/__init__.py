"""What the page Ideas computes: the loss of one answer, walking downhill."""
