"""The bot alone in a process of its own, so that a test can kill it: ``python -m tests.reliability.bot_process``.

Arguments: the workspace's API address, its bot token, its app token, and ``deaf`` for a bot that takes events in but has
no worker to answer them. The home comes from RAPPORT_HOME.
"""

import sys
import threading

from bot.app import Rapport
from bot.settings import Settings
from bot.slack.app import SlackTokens, build
from bot.slack.serve import serve_socket


def main() -> None:
    api_url, bot_token, app_token, how = sys.argv[1:]
    tokens = SlackTokens(bot_token, app_token, "", api_url)
    with Rapport(Settings.from_environment()) as rapport:
        rapport.open()
        slack = build(rapport, tokens)
        if how != "deaf":
            rapport.start_worker(slack.handlers)
        with serve_socket(slack, tokens, 4):
            print("connected", flush=True)
            threading.Event().wait()


if __name__ == "__main__":
    main()
