"""What the forms of a page send along to show that they are ours."""

from __future__ import annotations

import re

import httpx


def csrf_in(html: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', html)
    assert found, "there is no form on this page"
    return found[1]


def token(client: httpx.Client, address: str = "/sign-in") -> str:
    return csrf_in(client.get(address).text)
