"""One Chromium for all browser tests; a fresh context, and bare comms, for each."""

import re
import shutil

import pytest
from playwright.sync_api import sync_playwright

from .host import Host, bare_comms

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LOCAL = re.compile(
    r"(https?://(widgets\.test|127\.0\.0\.1|localhost)(:\d+)?/|ws://127\.0\.0\.1|blob:|data:|about:)"
)
"""Where pages of these tests may look; widgets.test is answered by the test itself."""

FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


REAL_HOSTS = (
    "test_lab",
    "test_notebook7",
    "test_voila",
    "test_gallery",
    "test_team",
    "test_published_faults",
)
"""Modules that go through a real server, kernel and browser at once."""


def pytest_collection_modifyitems(items):
    """Try a test through a real host again when the host stumbled; what we promise is held on the bare host."""
    for item in items:
        if item.path.stem in REAL_HOSTS:
            item.add_marker(pytest.mark.flaky(reruns=2))


def installed():
    """Path of an installed Chromium; None leaves it to Playwright's own."""
    return next((path for name in CHROMIUM if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    context.set_default_timeout(8_000)
    asked = []
    context.on("request", lambda request: asked.append(request.url))
    yield context
    context.close()
    assert [url for url in asked if not LOCAL.match(url)] == [], (
        "a page asked for something beyond this machine"
    )


@pytest.fixture
def page(context):
    return context.new_page()


@pytest.fixture
def comms():
    """Widgets of this test open their comms in this process."""
    with bare_comms() as manager:
        yield manager


@pytest.fixture
def host(page, comms):
    host = Host(page)
    yield host
    assert not host.errors, host.errors
