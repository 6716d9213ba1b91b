"""What several pages show of networks that read: who reads, their answers, their exams."""
