"""
One run: read, decide, do, record, report.

The order of effects, and what the next run finds after a crash: docs/how-it-works.md.
Nothing is imported here, so that a run with nothing to do loads little.
"""
