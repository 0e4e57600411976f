"""One short file per command: wires real objects, prints the result."""
