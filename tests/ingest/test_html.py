"""HTML: what a reader sees, and nothing else."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from ingest.extraction import Extraction, Unreadable
from ingest.html import Html, looks_like


def read(body: str | bytes) -> Extraction:
    return Html().extract(io.BytesIO(body if isinstance(body, bytes) else body.encode()), "page.html")


def test_menus_scripts_and_hidden_text_go() -> None:
    """Furniture, scripts, styles and what is not shown are no part of the text."""
    page = """<html><head><title>Note</title><style>p{}</style></head><body><nav>Menu</nav>
    <div class="cookie-banner">Cookies</div>
    <script>var a = "non";</script><noscript>non</noscript><p hidden>non</p><p style="display: none">non</p>
    <div aria-hidden="true">non</div><template>non</template><h1>Titre</h1>
    <p>Le texte <b>en gras</b> et <!-- non -->la suite.</p>
    <select><option>non</option></select><footer>Pied</footer></body></html>"""
    assert read(page).text == "Titre\n\nLe texte en gras et la suite."


def test_tables_and_lists_stay_readable() -> None:
    """A row is a line whose cells are parted, an item a line of its own."""
    page = (
        "<table><tr><th>Date</th><th>Acte</th></tr><tr><td>1er mai</td><td><p>Pourvoi</p></td></tr></table><ul><li>"
        "un<li>deux</ul>"
    )
    assert read(page).text == "Date | Acte\n1er mai | Pourvoi\n\n- un\n- deux"


def test_the_main_part_stands_for_the_page() -> None:
    """Where the page marks its main part, the rest is left out."""
    page = "<body><div>Autour</div><main><p>Le corps du texte est ici.</p></main></body>"
    assert read(page).text == "Le corps du texte est ici."


def test_the_title_is_stated() -> None:
    """The page's title is its own statement."""
    title = read("<html><head><title>Le  titre</title></head><body>x</body></html>").metadata.title
    assert title is not None
    assert (title.value, title.stated) == ("Le titre", True)


def test_the_encoding_is_found() -> None:
    """Windows, UTF-8 under a false claim, and entities all give the same letters."""
    for body in (
        '<meta charset="iso-8859-1"><p>Été – l’œuvre</p>'.encode("cp1252"),
        '<meta charset="iso-8859-1"><p>Été – l’œuvre</p>'.encode(),
        b"<p>&Eacute;t&eacute; &ndash; l&rsquo;&oelig;uvre</p>",
        "<p>Été – l’œuvre</p>".encode("utf-16"),
    ):
        assert read(body).text == "Été – l’œuvre"


def test_pages_are_recognised() -> None:
    """HTML is told by its tags, in any encoding."""
    assert looks_like("<!DOCTYPE html><html>".encode("utf-16"))
    assert looks_like(b"  <HTML lang=fr>")
    assert not looks_like(b"a < b and b > c")


def test_deep_nesting_is_survived() -> None:
    """A hundred thousand nested blocks end in text or a refusal, not in a crash."""
    try:
        read("<div>" * 100_000 + "fond")
    except Unreadable:
        return


@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<table>",
                "<td>",
                "</tr>",
                "<br>",
                "<pre>",
                "texte",
                "<!--",
                "-->",
                "<script>",
                "&eacute;",
                "<![CDATA[",
                "<?xml?>",
                "\0",
                "<b hidden>",
            ]
        ),
        max_size=30,
    ).map("".join)
)
def test_no_tag_soup_crashes(page: str) -> None:
    """Tags in any order end in an extraction or a refusal."""
    try:
        read(page)
    except Unreadable:
        return
