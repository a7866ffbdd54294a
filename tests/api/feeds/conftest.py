"""The application with a story that is awkward to write down."""

from __future__ import annotations

import pytest

from tests.api.feeds.awkward import tell_awkwardly
from tests.api.talking import Api


@pytest.fixture(scope="module")
def awkward(api: Api) -> Api:
    """The application with that story."""
    tell_awkwardly(api)
    return api
