"""Prints config.example.yaml: `python -m sync.config > config.example.yaml`."""

import sys

from sync.config.example import example_yaml

sys.stdout.write(example_yaml())
