"""What columns of real files mean, as a person reads them."""

from __future__ import annotations

from pathlib import Path

from tests.sources.guessing import guessed

# What columns of real files hold, as a person reads them; a column that is not named has no place
# in our tables.
TRUTH: dict[str, tuple[str, dict[str, str]]] = {
    "online_retail/online_retail.parquet": (
        "order_line",
        {
            "InvoiceNo": "order_id",
            "StockCode": "product_id",
            "Description": "product_name",
            "Quantity": "quantity",
            "InvoiceDate": "occurred_at",
            "UnitPrice": "unit_amount",
            "CustomerID": "customer_number",
            "Country": "country",
        },
    ),
    "olist/sample10k_orders.csv.gz": (
        "order",
        {
            "order_id": "order_id",
            "customer_id": "customer_number",
            "order_status": "order_status",
            "order_purchase_timestamp": "occurred_at",
            "order_delivered_carrier_date": "fulfilled_at",
        },
    ),
    "olist/sample10k_order_items.csv.gz": (
        "order_line",
        {
            "order_id": "order_id",
            "order_item_id": "line_number",
            "product_id": "product_id",
            "price": "unit_amount",
            "freight_value": "shipping_amount",
        },
    ),
    "olist/sample10k_customers.csv.gz": (
        "person",
        {
            "customer_unique_id": "customer_number",
            "customer_zip_code_prefix": "postcode",
            "customer_city": "city",
        },
    ),
    "olist/sample10k_products.csv.gz": (
        "product",
        {"product_id": "product_id", "product_category_name": "category"},
    ),
    "omnichannel/flo_customers.csv.gz": (
        "person",
        {
            "master_id": "customer_number",
            "first_order_date": "first_ordered_at",
            "last_order_date_online": "web_last_ordered_at",
            "last_order_date_offline": "store_last_ordered_at",
            "order_num_total_ever_online": "web_orders_count",
            "order_num_total_ever_offline": "store_orders_count",
            "customer_value_total_ever_online": "web_orders_amount",
            "customer_value_total_ever_offline": "store_orders_amount",
        },
    ),
    "identity/fake_1000.csv": (
        "person",
        {
            "unique_id": "customer_number",
            "first_name": "first_name",
            "surname": "last_name",
            "dob": "birth_on",
            "city": "city",
            "email": "email",
        },
    ),
    "identity/febrl3.csv.gz": (
        "person",
        {
            "rec_id": "customer_number",
            "given_name": "first_name",
            "surname": "last_name",
            "street_number": "house_number",
            "address_1": "street",
            "suburb": "city",
            "postcode": "postcode",
            "date_of_birth": "birth_on",
        },
    ),
    "identity/historical_figures_with_errors_50k.parquet": (
        "person",
        {
            "unique_id": "customer_number",
            "full_name": "full_name",
            "first_name": "first_name",
            "surname": "last_name",
            "dob": "birth_on",
            "postcode_fake": "postcode",
            "gender": "gender",
        },
    ),
    "surveys/marketing_campaign.csv": (
        "person",
        {"ID": "customer_number", "Dt_Customer": "registered_at"},
    ),
    "complete_journey/transactions.parquet": (
        "order_line",
        {
            "household_id": "customer_number",
            "store_id": "store_id",
            "basket_id": "order_id",
            "product_id": "product_id",
            "quantity": "quantity",
            "sales_value": "line_amount",
            "retail_disc": "discount_amount",
            "transaction_timestamp": "occurred_at",
        },
    ),
    "complete_journey/products.parquet": (
        "product",
        {
            "product_id": "product_id",
            "department": "category",
            "product_category": "subcategory",
            "brand": "brand",
            "product_type": "product_name",
        },
    ),
    "clickstream/simple_onlineshop.csv.gz": (
        "event",
        {"user_id": "customer_number", "event": "event_name", "timestamp": "occurred_at"},
    ),
    "event_logs/receipt.csv.gz": (
        "event",
        {
            "case:channel": "channel",
            "case:concept:name": "customer_number",
            "concept:name": "event_name",
            "time:timestamp": "occurred_at",
        },
    ),
    "leaflets/folder_data_week_51_ah.json.gz": (
        "offer",
        {
            "id": "offer_id",
            "name": "product_name",
            "offer_price": "offer_amount",
            "normal_price": "normal_amount",
            "bonus_mechanism": "mechanic",
            "bonus_start": "starts_on",
            "bonus_end": "ends_on",
        },
    ),
    "leaflets/folder_data_week_51_dirk.json.gz": (
        "offer",
        {
            "id": "offer_id",
            "product_id": "product_id",
            "name": "product_name",
            "offer_price": "offer_amount",
            "normal_price": "normal_amount",
            "discount_text": "mechanic",
            "start_date": "starts_on",
            "end_date": "ends_on",
        },
    ),
    "leaflets/lidl_week_51_gridbox.json.gz": (
        "offer",
        {
            "id": "offer_id",
            "name": "product_name",
            "price": "offer_amount",
            "original_price": "normal_amount",
            "discount_text": "mechanic",
            "sku": "product_id",
        },
    ),
}


def test_most_columns_of_real_files_come_out_right(development_data: Path) -> None:
    right = asked = filled = wrong = kinds = 0
    for name, (row_is, truth) in TRUTH.items():
        found = guessed(development_data / name)
        kinds += found.row_is == row_is
        for one in found.columns:
            asked += 1
            right += one.means == truth.get(one.column, "")
            filled += one.column in truth
            wrong += bool(one.means) and one.means != truth.get(one.column, "")
    assert kinds == len(TRUTH)
    assert right / asked >= 0.95, (right, asked)
    assert wrong / filled <= 0.05, (wrong, filled)
