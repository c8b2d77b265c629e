"""Every connector holds to the contract, on a small recorded export with broken rows in it."""

from __future__ import annotations

from klantreis import registry
from klantreis.sources import recognise_source
from klantreis.sources.crm import source as crm
from klantreis.sources.ga4 import source as ga4
from klantreis.sources.google_ads import source as google_ads
from klantreis.sources.google_reviews import source as google_reviews
from klantreis.sources.hubspot import source as hubspot
from klantreis.sources.kiyoh import source as kiyoh
from klantreis.sources.klaviyo import source as klaviyo
from klantreis.sources.leaflet import source as leaflet
from klantreis.sources.lightspeed import source as lightspeed
from klantreis.sources.magento import source as magento
from klantreis.sources.mailchimp import source as mailchimp
from klantreis.sources.mapping import source as mapping
from klantreis.sources.meta_ads import source as meta_ads
from klantreis.sources.mollie import source as mollie
from klantreis.sources.reviews import source as reviews
from klantreis.sources.salesforce import source as salesforce
from klantreis.sources.search_console import source as search_console
from klantreis.sources.segment import source as segment
from klantreis.sources.shopify import source as shopify
from klantreis.sources.snowplow import source as snowplow
from klantreis.sources.social import source as social
from klantreis.sources.stock import source as stock
from klantreis.sources.survey import source as survey
from klantreis.sources.till import source as till
from klantreis.sources.trustpilot import source as trustpilot
from klantreis.sources.woocommerce import source as woocommerce
from klantreis.sources.zendesk import source as zendesk
from klantreis.testing import Sample, SourceContract
from tests.sources.files import SAMPLES, export_file


class TestShopify(SourceContract):
    source = shopify
    samples = (
        Sample(
            SAMPLES / "shopify" / "orders_export_2026-01.csv",
            loaded={"orders": 4, "order_lines": 7, "persons": 4, "identifiers": 14},
            put_aside={"orders": 4, "order_lines": 1},
            broken=[(7, "Total"), (8, "Created at"), (9, "Name"), (10, "")],
        ),
        Sample(
            SAMPLES / "shopify" / "customers_export.csv",
            loaded={"persons": 3, "identifiers": 7},
            put_aside={"persons": 2},
            broken=[(4, "Total Spent"), (5, "Email, Customer ID"), (6, "")],
        ),
        Sample(
            SAMPLES / "shopify" / "products_export.csv",
            loaded={"products": 3},
            put_aside={"products": 1},
            broken=[(5, "Variant Price")],
        ),
    )


class TestWooCommerce(SourceContract):
    source = woocommerce
    samples = (
        Sample(
            SAMPLES / "woocommerce" / "orders_2026-01.json",
            loaded={"orders": 7, "order_lines": 8, "payments": 7, "persons": 2, "identifiers": 13},
            put_aside={"orders": 2, "order_lines": 1, "payments": 1},
            broken=[(9, "status"), (10, "total"), (10, "line_items[].quantity")],
        ),
        Sample(
            SAMPLES / "woocommerce" / "customers.json",
            loaded={"persons": 2, "identifiers": 5},
            put_aside={},
            broken=[],
        ),
        Sample(
            SAMPLES / "woocommerce" / "products.json",
            loaded={"products": 2},
            put_aside={"products": 1},
            broken=[(3, "regular_price"), (3, "price")],
        ),
        Sample(
            SAMPLES / "woocommerce" / "wc-product-export-31-1-2026.csv",
            loaded={"products": 2},
            put_aside={"products": 1},
            broken=[(3, "Regular price")],
        ),
        Sample(
            SAMPLES / "woocommerce" / "orders-export-2026-01.csv",
            loaded={"orders": 3, "order_lines": 4, "payments": 3, "persons": 3, "identifiers": 9},
            put_aside={"orders": 1, "order_lines": 1},
            broken=[(5, "status"), (6, "item_quantity")],
        ),
    )


class TestMagento(SourceContract):
    source = magento
    samples = (
        Sample(
            SAMPLES / "magento" / "orders_2026-01.json",
            loaded={"orders": 7, "order_lines": 9, "payments": 7, "persons": 2, "identifiers": 13},
            put_aside={"orders": 2, "order_lines": 1, "payments": 1},
            broken=[
                (8, "state"),
                (9, "grand_total"),
                (9, "created_at"),
                (9, "items[].qty_ordered"),
            ],
        ),
    )


class TestTrustpilot(SourceContract):
    source = trustpilot
    samples = (
        Sample(
            SAMPLES / "trustpilot" / "reviews_2026-01.json",
            loaded={"feedback": 4, "persons": 5, "identifiers": 7},
            put_aside={"feedback": 1},
            broken=[(4, "stars"), (5, "createdAt")],
        ),
    )


class TestGoogleReviews(SourceContract):
    source = google_reviews
    samples = (
        Sample(
            SAMPLES / "google_reviews" / "utrecht.json",
            loaded={"feedback": 3},
            put_aside={"feedback": 1},
            broken=[(3, "starRating"), (4, "createTime")],
        ),
    )


class TestKiyoh(SourceContract):
    source = kiyoh
    samples = (
        Sample(
            SAMPLES / "kiyoh" / "reviews_2026-01.json",
            loaded={"feedback": 4, "persons": 4, "identifiers": 4},
            put_aside={"feedback": 1},
            broken=[
                (3, "rating"),
                (3, "reviewContent[questionGroup=DEFAULT_OVERALL].rating"),
                (4, "dateSince"),
                (4, "updatedSince"),
            ],
        ),
    )


class TestLightspeed(SourceContract):
    source = lightspeed
    samples = (
        Sample(
            SAMPLES / "lightspeed" / "customers_ecom.csv",
            loaded={"persons": 3, "identifiers": 7},
            put_aside={"persons": 1},
            broken=[(4, "Internal ID"), (5, "Registered")],
        ),
        Sample(
            SAMPLES / "lightspeed" / "customers_x.csv",
            loaded={"persons": 2, "identifiers": 5},
            put_aside={"persons": 1},
            broken=[(3, "customer_code"), (4, "date_of_birth")],
        ),
        Sample(
            SAMPLES / "lightspeed" / "orders_ecom.json",
            loaded={"orders": 3, "payments": 3, "persons": 2, "identifiers": 9},
            put_aside={"orders": 2, "payments": 2},
            broken=[(4, "priceIncl"), (5, "paymentStatus"), (5, "status")],
        ),
        Sample(
            SAMPLES / "lightspeed" / "sales_x.csv",
            loaded={"orders": 2, "order_lines": 3, "persons": 1, "identifiers": 1},
            put_aside={"orders": 2},
            broken=[(8, "Total"), (9, "Status")],
        ),
    )


class TestSalesforce(SourceContract):
    source = salesforce
    samples = (
        Sample(
            SAMPLES / "salesforce" / "Contact.csv",
            loaded={"persons": 3, "identifiers": 4, "consents": 1},
            put_aside={"persons": 1, "consents": 1},
            broken=[(6, "Id"), (7, "Birthdate"), (7, "LastModifiedDate")],
        ),
    )


class TestHubSpot(SourceContract):
    source = hubspot
    samples = (
        Sample(
            SAMPLES / "hubspot" / "hubspot-crm-exports-all-contacts-2026-01-31.csv",
            loaded={"persons": 3, "identifiers": 4, "consents": 1},
            put_aside={"persons": 1, "consents": 1},
            broken=[
                (4, "Record ID"),
                (5, "Date of birth"),
                (5, "Create Date"),
                (5, "Last Modified Date"),
            ],
        ),
    )


class TestGA4(SourceContract):
    source = ga4
    samples = (
        Sample(
            SAMPLES / "ga4" / "events_20260105.json.gz",
            loaded={"events": 6, "persons": 3, "identifiers": 4},
            put_aside={"events": 4},
            doubled={"events": 1},
            broken=[(9, ""), (10, "event_timestamp"), (11, "event_timestamp"), (12, "event_name")],
        ),
        Sample(
            SAMPLES / "ga4" / "events_20260106.parquet",
            loaded={"events": 3, "persons": 2, "identifiers": 3},
            put_aside={"events": 1},
            broken=[(4, "event_timestamp")],
        ),
    )


class TestTill(SourceContract):
    source = till
    samples = (
        Sample(
            SAMPLES / "till" / "bonnen_2026-01.csv",
            loaded={"orders": 4, "order_lines": 7, "persons": 3, "identifiers": 3},
            put_aside={"orders": 4, "order_lines": 2},
            doubled={"order_lines": 1},
            broken=[(8, "Datum, Tijd"), (9, "Bedrag"), (11, "Bonnummer"), (12, "")],
        ),
    )


class TestCRM(SourceContract):
    source = crm
    samples = (
        Sample(
            SAMPLES / "crm" / "contacten.csv",
            loaded={"persons": 3, "identifiers": 10, "consents": 3},
            put_aside={"persons": 2},
            doubled={"persons": 1, "consents": 1},
            broken=[(4, "Geboortedatum"), (5, "Klantnummer"), (6, "")],
        ),
    )


class TestMailchimp(SourceContract):
    source = mailchimp
    samples = (
        Sample(
            SAMPLES / "mailchimp" / "subscribed_export.csv",
            loaded={"persons": 2, "identifiers": 4, "consents": 1},
            put_aside={"persons": 1, "consents": 1},
            broken=[(3, "OPTIN_TIME"), (4, "Email Address, E-mailadres, Email")],
        ),
        Sample(
            SAMPLES / "mailchimp" / "subscribed_email_audience_export_nl.csv",
            loaded={"persons": 2, "identifiers": 4, "consents": 1},
            put_aside={"persons": 1, "consents": 1},
            broken=[(3, "OPTIN_TIME"), (4, "Email Address, E-mailadres, Email")],
        ),
        Sample(
            SAMPLES / "mailchimp" / "unsubscribed_export.csv",
            loaded={"persons": 1, "identifiers": 2, "consents": 2},
            put_aside={"persons": 1},
            broken=[(3, "")],
        ),
        Sample(
            SAMPLES / "mailchimp" / "cleaned_export.csv",
            loaded={"persons": 1, "identifiers": 2},
            broken=[],
        ),
        Sample(
            SAMPLES / "mailchimp" / "activity_2026-01.csv",
            loaded={"messages": 4, "persons": 3, "identifiers": 3},
            put_aside={"messages": 3},
            doubled={"messages": 1},
            broken=[(7, "Timestamp"), (8, "Action"), (9, "")],
        ),
    )


class TestReviews(SourceContract):
    source = reviews
    samples = (
        Sample(
            SAMPLES / "reviews" / "reviews.csv",
            loaded={"feedback": 5, "persons": 4, "identifiers": 5},
            put_aside={"feedback": 3},
            broken=[(6, "Stars"), (7, "Stars"), (8, "Date"), (9, "Review id"), (10, "")],
        ),
    )


class TestZendesk(SourceContract):
    source = zendesk
    samples = (
        Sample(
            SAMPLES / "zendesk" / "tickets_incremental_2026-01.json",
            loaded={"feedback": 3, "persons": 3, "identifiers": 4},
            put_aside={"feedback": 1},
            broken=[(3, "created_at")],
        ),
        Sample(
            SAMPLES / "zendesk" / "tickets_2026-01.json",
            loaded={"feedback": 3, "persons": 2, "identifiers": 4},
            put_aside={"feedback": 3},
            broken=[(4, "created_at"), (4, "updated_at"), (5, ""), (6, "id")],
        ),
        Sample(
            SAMPLES / "zendesk" / "tickets_view.csv",
            loaded={"feedback": 2, "persons": 3, "identifiers": 3},
            put_aside={"feedback": 1},
            broken=[(5, "Created at")],
        ),
        Sample(
            SAMPLES / "zendesk" / "chats.json",
            loaded={"feedback": 2, "persons": 3, "identifiers": 1},
            put_aside={"feedback": 1},
            broken=[(3, "timestamp")],
        ),
    )


class TestSurvey(SourceContract):
    source = survey
    samples = (
        Sample(
            SAMPLES / "survey" / "enquete_2026.csv",
            loaded={"survey_answers": 17, "persons": 3, "identifiers": 3},
            put_aside={"survey_answers": 4},
            broken=[(3, ""), (5, "Ingevuld op"), (6, "NPS"), (6, "Tevredenheid")],
        ),
        Sample(
            SAMPLES / "survey" / "lang_2026.csv",
            loaded={"survey_answers": 5, "persons": 1, "identifiers": 1},
            put_aside={"survey_answers": 1},
            broken=[(7, "Antwoord")],
        ),
        Sample(
            SAMPLES / "survey" / "stellingen_2026.csv",
            loaded={"survey_answers": 6, "persons": 1, "identifiers": 1},
            put_aside={"survey_answers": 1},
            broken=[(8, "Ingevuld op")],
        ),
        Sample(
            SAMPLES / "survey" / "Klantenonderzoek (Antwoorden).csv",
            loaded={"survey_answers": 27, "persons": 2, "identifiers": 2},
            put_aside={"survey_answers": 2},
            broken=[(6, "Timestamp, Tijdstempel")],
        ),
        Sample(
            SAMPLES / "survey" / "typeform_responses.csv",
            loaded={"survey_answers": 13, "persons": 2, "identifiers": 2},
            put_aside={"survey_answers": 2},
            broken=[(6, "Stage Date (UTC)"), (7, "")],
        ),
        Sample(
            SAMPLES / "survey" / "Klantenonderzoek(1-4).csv",
            loaded={"survey_answers": 12, "persons": 1, "identifiers": 1},
            put_aside={"survey_answers": 1},
            broken=[(5, "Completion time, Tijd van voltooien, Tijdstip van voltooien")],
        ),
        Sample(
            SAMPLES / "survey" / "Customer survey(1-4).xlsx",
            loaded={"survey_answers": 12, "persons": 1, "identifiers": 1},
            put_aside={"survey_answers": 1},
            broken=[(5, "Completion time, Tijd van voltooien, Tijdstip van voltooien")],
        ),
        Sample(
            SAMPLES / "survey" / "surveymonkey_responses.csv",
            loaded={"survey_answers": 16, "persons": 2, "identifiers": 2},
            put_aside={"survey_answers": 2},
            broken=[(8, "End Date, EndDate"), (9, "")],
        ),
        Sample(
            SAMPLES / "survey" / "panel_2026.csv",
            loaded={"feedback": 2, "persons": 1, "identifiers": 1},
            put_aside={"feedback": 2},
            broken=[(3, "Score"), (4, "Notitie"), (5, "Datum")],
        ),
    )


class TestMollie(SourceContract):
    source = mollie
    samples = (
        Sample(
            SAMPLES / "mollie" / "payments_2026-01.json",
            loaded={"payments": 3},
            put_aside={"payments": 3},
            broken=[(4, "amount.value"), (5, "status"), (6, "")],
        ),
        Sample(
            SAMPLES / "mollie" / "stl_2026-01.csv",
            loaded={"payments": 2},
            put_aside={"payments": 1},
            broken=[(5, "Amount")],
        ),
    )


class TestGoogleAds(SourceContract):
    source = google_ads
    samples = (
        Sample(
            SAMPLES / "google_ads" / "kosten_2026.csv",
            loaded={"spend": 3},
            put_aside={"spend": 2},
            broken=[(5, "Kosten"), (6, "")],
        ),
        Sample(
            SAMPLES / "google_ads" / "campaign_report.csv",
            loaded={"spend": 2},
            put_aside={"spend": 1},
            broken=[(7, "Cost")],
        ),
    )


class TestMetaAds(SourceContract):
    source = meta_ads
    samples = (
        Sample(
            SAMPLES / "meta_ads" / "spend_2026.csv",
            loaded={"spend": 2},
            put_aside={"spend": 2},
            broken=[(4, "Amount spent (EUR)"), (5, "Day")],
        ),
        Sample(
            SAMPLES / "meta_ads" / "kosten_2026.csv",
            loaded={"spend": 2},
            put_aside={"spend": 1},
            broken=[(5, "Dag")],
        ),
    )


class TestLeaflet(SourceContract):
    source = leaflet
    samples = (
        Sample(
            SAMPLES / "leaflet" / "folder_2026-w02.json",
            loaded={"offers": 3},
            put_aside={"offers": 1},
            broken=[(3, "price")],
        ),
    )


class TestStock(SourceContract):
    source = stock
    samples = (
        Sample(
            SAMPLES / "stock" / "voorraad_2026-01.csv",
            loaded={"stock_levels": 2},
            put_aside={"stock_levels": 3},
            doubled={"stock_levels": 1},
            broken=[(5, "Voorraad"), (6, ""), (7, "Datum")],
        ),
    )


class TestSearchConsole(SourceContract):
    source = search_console
    samples = (
        Sample(
            SAMPLES / "search_console" / "Queries.csv",
            loaded={"search_terms": 3},
            put_aside={"search_terms": 2},
            broken=[(5, "Impressions"), (6, "Top queries")],
        ),
        Sample(
            SAMPLES / "search_console" / "Zoekopdrachten.csv",
            loaded={"search_terms": 3},
            put_aside={"search_terms": 1},
            broken=[(5, "")],
        ),
        Sample(
            SAMPLES / "search_console" / "Suchanfragen.csv",
            loaded={"search_terms": 3},
            put_aside={"search_terms": 1},
            broken=[(5, "Impressionen")],
        ),
        Sample(
            SAMPLES / "search_console" / "api_2026-01.json",
            loaded={"search_terms": 2},
            put_aside={"search_terms": 1},
            broken=[(3, "impressions")],
        ),
        Sample(
            SAMPLES / "search_console" / "rows.jsonl",
            loaded={"search_terms": 2},
            put_aside={"search_terms": 1},
            broken=[(3, "keys.1, keys.0")],
        ),
        Sample(
            SAMPLES / "search_console" / "searchdata_site_impression.jsonl",
            loaded={"search_terms": 2},
            put_aside={"search_terms": 1},
            broken=[(4, "data_date")],
        ),
    )


class TestSocial(SourceContract):
    source = social
    samples = (
        Sample(
            SAMPLES / "social" / "mentions.json",
            loaded={"feedback": 2, "persons": 2, "identifiers": 2},
            put_aside={"feedback": 2},
            doubled={"feedback": 1},
            broken=[(4, "created_at"), (5, "")],
        ),
        Sample(
            SAMPLES / "social" / "x_search.json",
            loaded={"feedback": 2, "persons": 2, "identifiers": 2},
            put_aside={"feedback": 1},
            broken=[(2, "created_at")],
        ),
        Sample(
            SAMPLES / "social" / "instagram_tags.json",
            loaded={"feedback": 1, "persons": 2, "identifiers": 2},
            put_aside={"feedback": 1},
            broken=[(2, "caption")],
        ),
    )


class TestMapping(SourceContract):
    source = mapping
    is_recognised = False
    samples = (
        Sample(
            SAMPLES / "mapping" / "parcels.csv",
            loaded={"events": 2},
            put_aside={"events": 3},
            broken=[(4, "Status"), (5, "Tijdstip"), (6, "")],
            options={"mapping": "parcels.toml"},
        ),
    )


class TestSegment(SourceContract):
    source = segment
    samples = (
        Sample(
            SAMPLES / "segment" / "calls.jsonl",
            loaded={
                "events": 9,
                "messages": 2,
                "feedback": 1,
                "payments": 1,
                "consents": 2,
                "persons": 4,
                "identifiers": 8,
            },
            put_aside={"events": 2},
            broken=[(8, "timestamp"), (9, "")],
        ),
    )


class TestKlaviyo(SourceContract):
    source = klaviyo
    samples = (
        Sample(
            SAMPLES / "klaviyo" / "profiles.csv",
            loaded={"persons": 3, "identifiers": 7, "consents": 2},
            put_aside={"persons": 1, "consents": 1},
            broken=[
                (4, "Klaviyo ID"),
                (5, "Email Marketing Consent Timestamp"),
                (5, "Profile Created On"),
            ],
        ),
        Sample(
            SAMPLES / "klaviyo" / "events.jsonl",
            loaded={"messages": 3, "events": 2, "consents": 1, "persons": 2, "identifiers": 4},
            put_aside={"messages": 1, "events": 1},
            doubled={"events": 1},
            broken=[(6, "datetime"), (8, "")],
        ),
        Sample(
            SAMPLES / "klaviyo" / "events_2026-01.json",
            loaded={"messages": 1, "events": 1, "persons": 2, "identifiers": 6},
            put_aside={"events": 1},
            broken=[(3, "attributes.datetime")],
        ),
    )


class TestSnowplow(SourceContract):
    source = snowplow
    samples = (
        Sample(
            SAMPLES / "snowplow" / "enriched_2026-01-05.tsv",
            loaded={"events": 6, "persons": 2, "identifiers": 4},
            put_aside={"events": 3},
            doubled={"events": 1},
            broken=[(8, "derived_tstamp"), (9, "event_id"), (10, "")],
        ),
        Sample(
            SAMPLES / "snowplow" / "enriched_2026-01-05.jsonl",
            loaded={"events": 6, "persons": 2, "identifiers": 4},
            put_aside={"events": 3},
            doubled={"events": 1},
            broken=[(8, "derived_tstamp"), (9, "event_id"), (10, "")],
        ),
    )


def test_each_registered_connector_is_tested_here() -> None:
    tested = {suite.source.name for suite in SourceContract.__subclasses__()}
    assert tested == set(registry.names("sources"))


def test_each_file_is_taken_for_what_it_is() -> None:
    for suite in SourceContract.__subclasses__():
        for sample in suite.samples if suite.is_recognised else ():
            found = recognise_source(export_file(sample.file))
            assert found.name == suite.source.name, sample.file
