"""What a learner sees. Nothing here imports tensorflow or keras."""
