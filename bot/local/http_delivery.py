"""Deliveries over signed HTTP to the app's request address."""

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass

from slack_sdk.signature import SignatureVerifier

from bot.local.database import Json


@dataclass(frozen=True)
class HttpReply:
    """What the app answered: `failure` is Slack's reason for a retry, None for a 2xx."""

    failure: str | None
    body: Json | None


def post_event(url: str, secret: str, payload: Json, *, timeout: float, attempts: int, reason: str | None) -> HttpReply:
    """One event as signed JSON, with the retry headers when it is a retry."""
    headers = {"Content-Type": "application/json"}
    if attempts:
        headers["X-Slack-Retry-Num"] = str(attempts)
        headers["X-Slack-Retry-Reason"] = reason or "http_error"
    return _post(url, secret, json.dumps(payload).encode(), headers, timeout)


def post_interaction(url: str, secret: str, kind: str, payload: Json, *, timeout: float) -> HttpReply:
    """A slash command as form fields; any other interaction as the form field `payload`."""
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    form = urllib.parse.urlencode({k: "" if v is None else str(v) for k, v in fields.items()})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return _post(url, secret, form.encode(), headers, timeout)


def _post(url: str, secret: str, body: bytes, headers: dict[str, str], timeout: float) -> HttpReply:
    signer = SignatureVerifier(secret)
    timestamp = str(int(signer.clock.now()))
    signature = signer.generate_signature(timestamp=timestamp, body=body)
    request = urllib.request.Request(
        url,
        data=body,
        method="POST",
        headers={**headers, "X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature or ""},
    )
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return HttpReply(None, _json(response.read()))
    except urllib.error.HTTPError as error:
        return HttpReply("http_error", _json(error.read()))
    except TimeoutError:
        return HttpReply("http_timeout", None)
    except (urllib.error.URLError, OSError) as error:
        timed_out = isinstance(getattr(error, "reason", None), TimeoutError)
        return HttpReply("http_timeout" if timed_out else "connection_failed", None)


def _json(body: bytes) -> Json | None:
    if not body:
        return None
    try:
        found = json.loads(body)
    except ValueError:
        return {"text": body.decode(errors="replace")}
    return found if isinstance(found, dict) else None
