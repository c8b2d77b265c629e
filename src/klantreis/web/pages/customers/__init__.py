"""The customers: searching, filtering, sorting."""

from __future__ import annotations

from klantreis.web.page import Page
from klantreis.web.pages.customers.context import Customers, CustomersQuery
from klantreis.web.pages.customers.view import customers

__all__ = ["PAGE"]

PAGE = Page("customers", "/customers", CustomersQuery, Customers, customers, is_kept=False)
