"""OAuth 2.0 as Google speaks it: consent in the browser, the token endpoint, revocation."""
