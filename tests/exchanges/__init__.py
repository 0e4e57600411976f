"""
Every exchange with the sandbox is held against Google's discovery documents.

The sandbox checks requests itself; this is a second reading of the same documents that
shares no code with it, so that a mistake of one shows in the other.
"""
