"""The search as it stands in the address, and the facets drawn from it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import QueryParams

from indexer.query import Sort
from portal.web.facets import BARS, facets, years
from portal.web.inquiry import Inquiry, relaxations, understood
from portal.web.lexis import read_query


def read(query: str) -> Inquiry:
    return Inquiry.read(QueryParams(query))


def test_the_address_says_the_whole_search() -> None:
    """Reading an address and writing it back gives the same search."""
    inquiry = read("q=faute+grave&chambre=soc&chambre=civ1&annee=2022&tri=newest&dossier=abc&suite=xyz")
    assert inquiry.text == "faute grave"
    assert inquiry.filters == {"chamber": ("civ1", "soc"), "year": ("2022",)}
    assert inquiry.sort is Sort.NEWEST
    assert Inquiry.read(QueryParams(urlsplit(inquiry.address).query)) == inquiry


def test_what_is_no_sort_or_facet_is_ignored() -> None:
    """A hand-made address never breaks the page."""
    inquiry = read("q=x&tri=nimporte&chambre=&autre=1")
    assert inquiry == Inquiry(text="x")


def test_the_reader_cannot_ask_for_labels() -> None:
    """What one is cleared for comes from the clearance, never from the address."""
    query = read("q=x&labels=g:greffe&denied=").query(frozenset({"public"}), frozenset({"hidden"}), read_query("x"))
    assert query.labels == {"public"}
    assert query.denied == {"hidden"}


def test_following_a_value_asks_for_it_and_again_gives_it_up() -> None:
    """A facet's link toggles its value, leaves the others alone and starts at the first page."""
    inquiry = read("q=x&chambre=soc&annee=2022&suite=abc")
    more = inquiry.toggled("chamber", "civ1")
    assert more.filters["chamber"] == ("civ1", "soc")
    assert more.cursor == ""
    assert more.toggled("chamber", "civ1").toggled("chamber", "soc").filters == {"year": ("2022",)}


def test_chosen_values_stand_first_even_without_a_hit() -> None:
    """A filter that leaves nothing is still there to be given up."""
    (facet,) = facets({"chamber": {"soc": 3, "civ1": 7}}, read("q=x&chambre=cr"))
    assert [(choice.name, choice.count, choice.chosen) for choice in facet.choices] == [
        ("Crim.", 0, True),
        ("Civ. 1re", 7, False),
        ("Soc.", 3, False),
    ]
    assert parse_qs(urlsplit(facet.choices[0].address).query) == {"q": ["x"]}


def test_years_are_a_histogram_that_filters() -> None:
    """One bar a year, gaps included, the tallest at full height, each leading to its year."""
    bars = years({"2020": 1, "2022": 12}, read("q=x"))
    assert [(bar.name, bar.count, bar.level) for bar in bars] == [("2020", 1, 1), ("2021", 0, 0), ("2022", 12, 12)]
    assert bars[2].address == "/recherche?q=x&annee=2022"


def test_many_years_share_bars() -> None:
    """Two centuries fit: a bar then holds some years, and asks for those that have documents."""
    bars = years({str(year): 1 for year in range(1800, 2025)}, read("q=x"))
    assert len(bars) <= BARS
    assert sum(bar.count for bar in bars) == 225
    chosen = years({str(year): 1 for year in range(1800, 2025)}, read("q=x&annee=1803"))
    assert [bar.name for bar in chosen if bar.chosen] == ["1800 à 1809"]


def test_one_year_is_no_histogram() -> None:
    """Where there is nothing to choose, nothing is drawn."""
    assert years({"2022": 4}, read("q=x")) == []
    assert years({}, read("q=x")) == []


def test_the_page_says_what_it_understood() -> None:
    """Words, expressions, numbers and fields are told apart, and each may be taken out of the search."""
    inquiry = read('q=licenciement "vice du consentement" J 21-20.723 chambre:sociale&annee=2022')
    pieces = understood(inquiry, read_query(inquiry.text))
    assert [(piece.what, piece.shown) for piece in pieces] == [
        ("mot", "licenciement"),
        ("expression", "« vice du consentement »"),
        ("référence", "21-20.723"),
        ("champ", "chambre : Soc."),
    ]
    less = Inquiry.read(QueryParams(urlsplit(pieces[1].without).query))
    assert (less.text, less.filters) == ("licenciement J 21-20.723 chambre:sociale", {"year": ("2022",)})


def test_an_empty_page_offers_wider_searches() -> None:
    """Each relaxation drops one thing that was asked."""
    inquiry = read('q="vice caché" garantie vendeur automobile date:2020&chambre=soc&solution=rejet&dossier=abc')
    offered = dict(relaxations(inquiry, read_query(inquiry.text)))
    assert offered["sans le filtre chambre : Soc."].filters == {"solution": ("rejet",)}
    assert offered["sans aucun filtre"].filters == {}
    assert offered["sans les guillemets"].text == "vice caché garantie vendeur automobile date:2020"
    assert offered["sans date : 2020"].text == '"vice caché" garantie vendeur automobile'
    assert offered["dans tous les dossiers"].case_file == ""
    assert offered["avec « garantie automobile » seulement"].text == "garantie automobile"
