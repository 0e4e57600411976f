"""How the token endpoint says no."""

from __future__ import annotations

from sync.sandbox.reply import Reply


class OAuthRefused(Exception):  # the endpoint's word for it
    """The token endpoint says no, in OAuth's shape of errors."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status

    def reply(self) -> Reply:
        """Return the JSON body of RFC 6749, section 5.2."""
        body = {"error": self.error, "error_description": self.description}
        return Reply(status=self.status, body=body)
