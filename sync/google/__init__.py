"""Google, in our words."""
