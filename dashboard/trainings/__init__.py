"""What 研修 draws: lists and calendars, one training, enrolling, and the secretariat's desk."""
