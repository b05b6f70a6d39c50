"""What every page draws and submits with."""
