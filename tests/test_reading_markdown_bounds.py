"""What is read as Markdown and what is not: no word is lost, nothing reads differently."""

from hypothesis import given
from hypothesis import strategies as st

from index.markdown_blocks import BlockKind
from index.markdown_text import read_markdown

WORDS = ("A bell rings.", "Two bells\nring (loudly)!", "At 12:30 it's over; \u201cso\u201d")
MARKED = st.sampled_from(
    [
        "# A heading",
        "A heading\n---",
        "- one\n- [two](https://a.example)",
        "- one\n\n    more of one",
        "1. first\n2. second",
        "> quoted *words*",
        "    code",
        "a | b\n--|--\nc | d",
        "[bell]: https://bell.example",
        "The [bell] and `code`",
        "<div>",
        "&amp; <b>bold</b>",
        "***",
        "  led by blanks",
    ]
)


@given(blocks=st.lists(st.sampled_from(WORDS) | MARKED, max_size=12))
def test_a_paragraph_of_mere_words_reads_as_the_library_would_read_it(blocks: list[str]) -> None:
    # With an empty element in it, a paragraph is no longer one of mere words.
    through_library = [f"{block}<b></b>" if block in WORDS else block for block in blocks]
    assert read_markdown("\n\n".join(blocks)) == read_markdown("\n\n".join(through_library))


def test_beyond_all_reason_markup_is_taken_out_and_every_word_stays() -> None:
    links = "".join(f"- a *fine* [link{n}](https://a.example/{n})\n\n" for n in range(5_000))
    blocks, _ = read_markdown(links)
    assert [block.text for block in blocks] == [f"a fine link{n}" for n in range(5_000)]
    assert blocks[0].kind is BlockKind.ITEM
    assert blocks[-1].kind is BlockKind.PROSE


def test_a_text_of_ordinary_density_is_read_as_markdown_to_its_end() -> None:
    paragraph = "Words of [a link](https://a.example) and *emphasis* in a paragraph. " * 3
    blocks, _ = read_markdown(f"{paragraph}\n\n" * 60 + "- the last *item*")
    assert blocks[-1].kind is BlockKind.ITEM
    assert blocks[-1].text == "the last item"


def test_topics_beyond_all_reason_lose_their_markup_and_no_word() -> None:
    _, shown = read_markdown(
        "", [f"about *topic* [number{n}](https://a.example)" for n in range(3_000)]
    )
    assert shown == [f"about topic number{n}" for n in range(3_000)]
