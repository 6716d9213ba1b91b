"""What the pages of theory compute: losses, walks downhill, one step of training, one weight."""
