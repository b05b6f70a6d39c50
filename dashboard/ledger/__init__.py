"""What 参加台帳 draws: recording, the list with corrections, files in and out."""
