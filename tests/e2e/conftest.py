"""The real bot in its own process, and a real browser in front of it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.conftest import PATIENCE_MS
from tests.e2e.running import Service, local_service


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with local_service(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture
def page(browser: Browser, service: Service) -> Iterator[Page]:
    """A desk-sized page on which nobody was chosen yet; it fails the test when anything went wrong in the browser."""
    yield from _watched(browser, service, 1180, 850)


@pytest.fixture
def phone(browser: Browser, service: Service) -> Iterator[Page]:
    yield from _watched(browser, service, 375, 720)


def _watched(browser: Browser, service: Service, width: int, height: int) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": width, "height": height}, timezone_id="Europe/Berlin")
    opened = context.new_page()
    wrong: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            wrong.append(f"{message.text} {message.location.get('url', '')}")

    opened.on("console", heard)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.set_default_timeout(PATIENCE_MS)
    opened.goto(service.url)
    expect(opened.locator("[data-test=composer]").first).to_be_visible()
    yield opened
    context.close()
    assert wrong == []
