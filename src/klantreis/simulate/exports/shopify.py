"""Orders, customers and products as Shopify exports them to CSV."""

from __future__ import annotations

from klantreis.simulate.desk import Desk, Flaw, Sheet, csv_row, quoted
from klantreis.simulate.market import Market
from klantreis.simulate.purchases import (
    APP_CHANNEL,
    CODES,
    METHODS,
    STATUSES,
    STORE_CHANNEL,
    VOIDED,
)

__all__ = ["export_shopify"]

ORDER_COLUMNS = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,"
    "Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,"
    "Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,"
    "Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,Billing City,"
    "Billing Zip,Billing Province,Billing Country,Billing Phone,"
    "Shipping Name,Shipping Street,Shipping Address1,Shipping Address2,Shipping Company,Shipping City,"
    "Shipping Zip,Shipping Province,Shipping Country,Shipping Phone,"
    "Notes,Note Attributes,Cancelled at,Payment Method,Payment Reference,Refunded Amount,Vendor,"
    "Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level,Source,Lineitem discount"
)
CUSTOMER_COLUMNS = (
    "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,"
    "Default Address Address1,Default Address Address2,Default Address City,"
    "Default Address Province Code,Default Address Country Code,Default Address Zip,"
    "Default Address Phone,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,Tags"
)
PRODUCT_COLUMNS = (
    "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Variant SKU,Variant Price,"
    "Variant Compare At Price,Cost per item,Status"
)
FLAWS = (
    Flaw("unparsable amount", "Total", 11, "n.v.t."),
    Flaw("too few columns"),
    Flaw("unparsable date", "Created at", 15, "2025-02-31 25:61:00 +0100"),
    Flaw("missing key", "Name", 0, ""),
)

CUSTOMERS = f"""
CREATE TABLE shop_customers AS
WITH from_orders AS (
  SELECT email, min(human) AS human, bool_or(has_account) AS has_account,
    sum(CASE WHEN status < {VOIDED} THEN total - refunded ELSE 0 END) AS spent,
    count(*) FILTER (status < {VOIDED}) AS orders, bool_or(moved) AS moved
  FROM purchases WHERE channel < {STORE_CHANNEL} GROUP BY email
), accounts AS (
  SELECT email + CASE WHEN email_changed_on IS NOT NULL AND human % 3 > 0 THEN 1 ELSE 0 END AS email, human
  FROM humans WHERE account_on IS NOT NULL
), together AS (
  SELECT coalesce(a.email, o.email) AS email, coalesce(a.human, o.human) AS human,
    a.human IS NOT NULL AS has_account, coalesce(spent, 0) AS spent, coalesce(orders, 0) AS orders,
    coalesce(moved, FALSE) AS moved
  FROM accounts a FULL JOIN from_orders o ON o.email = a.email AND o.human = a.human
)
SELECT *, CASE WHEN has_account THEN account_number(human) ELSE 6100000000000 + email END AS number,
  has_account AND human % 263 = 0 AS by_phone_only
FROM together
QUALIFY row_number() OVER (PARTITION BY email ORDER BY has_account DESC, human) = 1
"""

# Everything that stands on an order's first row; the others carry only name, e-mail and the line.
BUYERS = f"""
CREATE TABLE buyers AS
SELECT p.*, n.name, strftime(local_time(p.placed_at), '%Y-%m') AS month,
  CASE WHEN has_account AND p.human % 263 = 0 THEN '' ELSE
    CASE WHEN p.purchase % 17 = 0 THEN upper(left(e.address, 1)) || substr(e.address, 2) ELSE e.address END END AS email_address,
  trim(first_name || ' ' || CASE WHEN prefix = '' THEN '' ELSE prefix || ' ' END || surname) AS full_name,
  CASE WHEN moved THEN moved_street ELSE home_street END || ' '
    || CASE WHEN moved THEN moved_number ELSE home_number END
    || CASE WHEN moved THEN moved_addition ELSE home_addition END AS street,
  CASE WHEN moved THEN moved_town ELSE home_town END AS town,
  CASE WHEN moved THEN moved_digits || CASE WHEN p.human % 4 = 0 THEN '' ELSE ' ' END || moved_letters
       ELSE home_digits || CASE WHEN p.human % 4 = 0 THEN '' ELSE ' ' END || home_letters END AS zip,
  CASE WHEN p.human % 10 < 8 THEN as_dialled(mobile(p.human), p.human // 10) ELSE '' END AS telephone,
  subscribed_on IS NOT NULL AS accepts
FROM purchases p JOIN order_names n USING (purchase)
JOIN humans h ON h.human = p.human LEFT JOIN emails e ON e.email = p.email
WHERE channel < {STORE_CHANNEL}
"""

LINES = """
  SELECT b.*, l.line, l.quantity, l.price AS unit, l.discount AS line_discount, r.name AS product_name,
    r.sku, r.brand, l.line = 1 AS is_first
  FROM buyers b JOIN lines l USING (purchase) JOIN products r USING (product)"""


def _stamp(moment: str) -> str:
    return f"strftime(local_time({moment}), '%Y-%m-%d %H:%M:%S ') || offset_hours({moment})"


def export_shopify(desk: Desk, market: Market) -> None:
    """Write orders by month, all customers and the assortment."""
    desk.run(CUSTOMERS)
    desk.run(BUYERS)
    desk.by_month(
        Sheet(
            "exports/shopify/orders_export_{month}.csv",
            ORDER_COLUMNS,
            flaws=FLAWS,
            rate=0.002,
        ),
        f"SELECT month, {_order_row()} AS line FROM ({LINES}) o ORDER BY placed_at, purchase, o.line",
        market.plan.calendar_months,
    )
    _customers(desk)
    _products(desk)


def _words(column: str, words: tuple[str, ...]) -> str:
    return f"({list(words)!r})[{column} + 1]"


def _order_row() -> str:
    """One row: order fields on the first line of an order only."""

    def once(expression: str) -> str:
        return f"CASE WHEN is_first THEN ({expression})::VARCHAR ELSE '' END"

    sent = "shipped_at IS NOT NULL"
    person = (
        once(quoted("full_name")), once(quoted("street")), once(quoted("street")), "''", "''",
        once(quoted("town")), once("zip"), "''", once("'NL'"), once("telephone"),
    )  # fmt: skip
    return csv_row(
        "name", "email_address", once(_words("status", STATUSES)),
        once(f"CASE WHEN status < {VOIDED} THEN {_stamp('placed_at')} ELSE '' END"),
        once(f"CASE WHEN {sent} THEN 'fulfilled' ELSE 'unfulfilled' END"),
        once(f"CASE WHEN {sent} THEN {_stamp('shipped_at')} ELSE '' END"),
        once("CASE WHEN accepts THEN 'yes' ELSE 'no' END"), once("'EUR'"),
        once("dots(subtotal - discount)"), once("dots(shipping)"), once("dots(total - total / 1.21)"), once("dots(total)"),
        once(_words("code", CODES)), once("dots(discount)"), once("'PostNL standaard'"), once(_stamp("placed_at")),
        "quantity", quoted("product_name"), "dots(unit)", "''", "sku", "'true'", "'true'",
        f"CASE WHEN {sent} THEN 'fulfilled' ELSE 'pending' END",
        *person, *person, "''", "''",
        once(f"CASE WHEN cancelled_at IS NULL THEN '' ELSE {_stamp('cancelled_at')} END"),
        once(_words("method", METHODS)), once("'c' || purchase || '.1'"), once("dots(refunded)"), "brand",
        once(f"CASE WHEN status = {VOIDED} THEN dots(total) ELSE '0.00' END"), "''", "''", "''",
        once("5600000000000 + purchase"), "''", once("'Low'"),
        once(f"CASE WHEN channel = {APP_CHANNEL} THEN 'app' ELSE 'web' END"), "dots(line_discount)",
    )  # fmt: skip


def _customers(desk: Desk) -> None:
    phone = "CASE WHEN human % 10 < 8 OR by_phone_only THEN as_dialled(mobile(human), human // 10) ELSE '' END"
    row = csv_row(
        "number", quoted("first_name"), quoted("trim(prefix || ' ' || surname)"),
        "CASE WHEN by_phone_only THEN '' ELSE address END",
        "CASE WHEN subscribed_on IS NULL THEN 'no' ELSE 'yes' END", "''",
        quoted("CASE WHEN c.moved THEN moved_street || ' ' || moved_number || moved_addition"
               " ELSE home_street || ' ' || home_number || home_addition END"), "''",
        quoted("CASE WHEN c.moved THEN moved_town ELSE home_town END"), "''", "'NL'",
        "CASE WHEN c.moved THEN moved_digits || ' ' || moved_letters ELSE home_digits || ' ' || home_letters END",
        phone, phone, "'no'", "dots(spent)", "orders", "''", "'no'",
        "CASE WHEN has_account THEN 'account' ELSE 'gast' END",
    )  # fmt: skip
    desk.lines(
        Sheet(
            "exports/shopify/customers_export.csv",
            CUSTOMER_COLUMNS,
            flaws=(Flaw("unparsable amount", "Total Spent", 15, "#N/B"), Flaw("too few columns")),
            rate=0.0005,
        ),
        f"""SELECT {row} FROM shop_customers c JOIN humans USING (human)
            JOIN emails e ON e.email = c.email ORDER BY number""",
    )


def _products(desk: Desk) -> None:
    row = csv_row(
        "handle", quoted("name"), quoted("'<p>' || name || ' van ' || brand || '.</p>'"), quoted("brand"),
        quoted("category"), quoted("category"), "''", "'true'", "sku", "dots(price)", "''", "dots(cost)", "'active'",
    )  # fmt: skip
    desk.lines(
        Sheet(
            "exports/shopify/products_export.csv",
            PRODUCT_COLUMNS,
        ),
        f"SELECT {row} FROM products ORDER BY product",
    )
