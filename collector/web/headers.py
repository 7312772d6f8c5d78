"""What every answer says to the browser: load nothing from elsewhere, keep no copy."""

from flask import Flask, Response, request

# Pages load only what this server sends; blob: is for photos that a script has fetched.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' blob:",
        "media-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


def add_headers(app: Flask) -> None:
    """Set the headers on every answer."""
    app.after_request(_set)


def _set(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Over TLS the CSRF check also asks which page a form was on; nobody else is told.
    response.headers["Referrer-Policy"] = "same-origin" if request.is_secure else "no-referrer"
    # A page that records says so itself.
    response.headers.setdefault(
        "Permissions-Policy", "camera=(self), microphone=(), geolocation=()"
    )
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if not (request.endpoint or "").endswith("static"):
        response.headers["Cache-Control"] = "no-store"
    return response
