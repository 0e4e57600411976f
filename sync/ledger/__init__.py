"""Our private record of every submission, letter and number."""
