"""What an office hands out besides letters."""
