"""Files people drop into a conversation."""

import urllib.error
import urllib.request
from pathlib import PurePath
from urllib.parse import urlsplit

from bot.errors import BadInput, Unavailable
from bot.slack.outbound import Outbound

MOST_BYTES = 5_000_000
TIMEOUT_SECONDS = 20


class Downloads:
    """Fetches shared files with the bot's token, which goes to Slack's own file host and nowhere else."""

    def __init__(self, out: Outbound) -> None:
        self._out = out
        self._api_host = urlsplit(out.client.base_url).hostname or ""

    def fetch(self, file_id: str, readable: tuple[str, ...]) -> tuple[str, bytes]:
        """The file's name and bytes.

        :raises BadInput: when it is no kind that can be read, or too large.
        :raises Unavailable: when Slack does not hand it out.
        """
        file = self._out.patiently(lambda: self._out.client.files_info(file=file_id), again=True)["file"]
        name = PurePath(str(file.get("name") or "file")).name
        if PurePath(name).suffix.lower() not in readable:
            kinds = ", ".join(readable)
            raise BadInput(f"I cannot read {name}. Send a transcript or notes as one of {kinds}.")
        if int(file.get("size") or 0) > MOST_BYTES:
            raise BadInput(f"{name} is larger than 5 MB. Send the part that matters.")
        url = str(file.get("url_private_download") or file.get("url_private") or "")
        if not self._is_slack(url):
            raise BadInput(f"{name} is not kept in Slack. Upload the file itself.")
        request = urllib.request.Request(url)
        request.add_unredirected_header("Authorization", f"Bearer {self._out.client.token}")
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as reply:
                content: bytes = reply.read(MOST_BYTES + 1)
        except (urllib.error.URLError, OSError) as error:
            raise Unavailable(f"Slack did not hand out {name}. Please send it again.") from error
        return name, content

    def _is_slack(self, url: str) -> bool:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if host == self._api_host:
            return True
        return parts.scheme == "https" and (host == "slack.com" or host.endswith((".slack.com", ".slack-files.com")))
