"""The local stand-in for Google: Sheets, Forms and their pages on a loopback port."""

from sync.sandbox.sandbox import Sandbox

__all__ = ["Sandbox"]
