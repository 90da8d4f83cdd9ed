"""What providers say, as hostile as it can be."""

from datetime import UTC, datetime

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from chassis.http import new_client
from payment.providers import soap
from payment.providers.mellat import INTERFACE, Account, Mellat
from payment.providers.sadad import Sadad, Terminal
from payment.providers.sep import Sep
from payment.providers.zibal import Zibal

KEY = "bm9iYXQtc2FkYWQtdGVybWluYWwta2V5"


def clock():
    return datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def adapters():
    client, url = new_client(timeout=1), "http://bank.test"
    return [
        Zibal(url, "zibal", client),
        Sep(url, 1, client),
        Mellat(url, Account(1, "nobat", "secret"), client, clock),
        Sadad(url, Terminal("1", "2", KEY), client, clock),
    ]


ENTITY = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
ANSWER = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    f'<n:bpPayRequestResponse xmlns:n="{INTERFACE}"><return>{{}}</return></n:bpPayRequestResponse>'
    "</s:Body></s:Envelope>"
)


def test_a_call_is_answered_with_the_text_of_return():
    assert soap.returned(INTERFACE, "bpPayRequest", ANSWER.format("0,AF82").encode()) == "0,AF82"


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<h1>503</h1>",
        b"{}",
        ANSWER.format("").encode(),
        ENTITY + ANSWER.format("&e;").encode(),
        ANSWER.replace("bpPayRequestResponse", "bpOtherResponse").format("0,AF82").encode(),
        ANSWER.replace(INTERFACE, "http://other.test/").format("0,AF82").encode(),
        ANSWER.replace("Envelope", "Letter").format("0,AF82").encode(),
    ],
)
def test_what_is_no_answer_to_the_call_is_refused(document):
    with pytest.raises(soap.NotSoap):
        soap.returned(INTERFACE, "bpPayRequest", document)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"))))
def test_nothing_in_an_argument_becomes_an_element(text):
    call = soap.envelope(INTERFACE, "bpPayRequest", {"additionalData": text})
    body = fromstring(call)[1]
    [argument] = body[0]
    assert (argument.text or "") == text


def test_a_signature_is_the_one_of_the_banks_document():
    """As openssl does it: printf "24000615;7;50" | openssl enc -des-ede3 -K KEY | base64."""
    assert Terminal("1", "2", KEY).sign("24000615", 7, 50) == "Vpvou6Q70QyZQTIWX4eAtA=="


HINTS = {
    "zibal": ("trackId", "orderId", "3000000000"),
    "sep": ("Token", "ResNum", "a" * 32),
    "mellat": ("RefId", "SaleOrderId", "A" * 20),
    "sadad": ("Token", "OrderId", "a" * 40),
}


@given(st.dictionaries(st.sampled_from(["Token", "trackId", "RefId", "ResNum", "RefNum"]), st.text()))
def test_no_callback_breaks_a_reader(adapters, parameters):
    for adapter in adapters:
        hint = adapter.read_callback(parameters)
        assert hint is None or hint.authority.isalnum()


def test_a_callback_is_kept_without_card_data_and_with_the_number_it_names(adapters):
    for adapter in adapters:
        session, number, authority = HINTS[adapter.name]
        given_back = {session: authority, number: "77", "SecurePan": "6037701689095443", "Status": "\x00"}
        hint = adapter.read_callback(given_back)
        assert (hint.authority, hint.number) == (authority, "77")
        assert "6037701689095443" not in str(hint)
        assert "\x00" not in str(hint.fields)


def test_sadad_writes_its_names_in_any_case(adapters):
    sadad = adapters[-1]
    hint = sadad.read_callback({"TOKEN": "a" * 40, "orderID": "5", "rescode": "0"})
    assert (hint.number, hint.gave_up) == ("5", False)
