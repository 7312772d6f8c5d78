"""The session's cookie: Secure where the page came over TLS, and then under a name of its own."""

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface


class CarefulCookies(SecureCookieSessionInterface):
    """One server answers over TLS to tablets and without it to the machine itself.

    Browsers do not let a plain page replace a Secure cookie of the same name: signing in on
    http://localhost would fail after a visit to https://localhost.
    """

    def get_cookie_name(self, app: Flask) -> str:
        """The configured name, marked for TLS."""
        name = super().get_cookie_name(app)
        return f"{name}-tls" if request.is_secure else name

    def get_cookie_secure(self, _app: Flask) -> bool:
        """Whether the browser may send it over TLS alone."""
        return request.is_secure
