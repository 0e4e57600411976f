"""Where finished letters are kept."""
