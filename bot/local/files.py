"""Uploaded files: an upload address first, then the bytes, then the share."""

import json
import mimetypes
import secrets
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.local.database import Database, Json
from bot.local.errors import SlackRefusal
from bot.local.identity import Identity, random_id


@dataclass(frozen=True)
class StoredFile:
    """A file's Slack object and its bytes (None until they were uploaded)."""

    doc: Json
    content: bytes | None


class Files:
    """The file store; `base_url` is the server's own address and ends in a slash."""

    def __init__(self, database: Database, identity: Identity) -> None:
        self._db = database
        self._me = identity
        self.base_url = ""

    def reserve(self, name: str, length: int, user: str, *, alt_text: str | None = None) -> Json:
        """A file without bytes yet; its `upload_token` is part of the upload address."""
        identifier = random_id("F")
        mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
        extension = PurePosixPath(name).suffix.lstrip(".").lower() or "text"
        url = f"{self.base_url}files-pri/{self._me.team_id}-{identifier}/{secrets.token_hex(4)}.{extension}"
        doc = {
            "id": identifier,
            "name": name,
            "title": name,
            "mimetype": mimetype,
            "filetype": extension,
            "user": user,
            "size": length,
            "mode": "hosted",
            "is_external": False,
            "url_private": url,
            "url_private_download": url,
            "permalink": f"{self.base_url}local/files/{identifier}",
            "channels": [],
            "alt_txt": alt_text or "",
            "upload_token": secrets.token_hex(16),
            "is_public": False,
        }
        self._db.run("insert into file values(?, ?, null)", (identifier, json.dumps(doc)))
        return doc

    def receive(self, token: str, content: bytes) -> None:
        """Take the bytes of a reserved file; `file_not_found` for an unknown upload address."""
        row = self._db.row("select id, doc from file where json_extract(doc, '$.upload_token') = ?", (token,))
        if row is None:
            raise SlackRefusal("file_not_found")
        doc = json.loads(row["doc"]) | {"size": len(content)}
        self._db.run("update file set content = ?, doc = ? where id = ?", (content, json.dumps(doc), row["id"]))

    def get(self, identifier: str) -> StoredFile:
        """The file; `file_not_found` otherwise."""
        row = self._db.row("select doc, content from file where id = ?", (identifier,))
        if row is None:
            raise SlackRefusal("file_not_found")
        doc = json.loads(row["doc"])
        for key in ("url_private", "url_private_download", "permalink"):
            # The workspace may have come back on another port.
            doc[key] = self.base_url + doc[key].split("/", 3)[3]
        return StoredFile(doc, row["content"])

    def save(self, doc: Json) -> None:
        """Replace the file's object."""
        self._db.run("update file set doc = ? where id = ?", (json.dumps(doc), doc["id"]))


def public(doc: Json) -> Json:
    """The file object as the API shows it: without the upload token."""
    return {k: v for k, v in doc.items() if k != "upload_token"}
