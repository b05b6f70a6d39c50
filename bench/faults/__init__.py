"""What breaks while people work: programs that break it and count what was lost."""
