"""Texts for property tests: any Unicode, and marks in any nesting among words of the news."""

from hypothesis import strategies as st

ODD = (
    "\0", "\r\n", "\r", "\n\n", "\n", "\t", "\u00a0", "\u2028", "\u200b", "\u200d", "\ufeff",
    "\u202e", "\u2066", "\u0301", "e\u0301", "😀", "👩‍🚀", "İ", "ß", "ﬁ", "中文", "العربية",
    "\ud800", "\udfff",
)  # fmt: skip
WORDS = (
    "Ilse Varga", "Tomas Reke", "Mr. Reke", "the minister", "he", "She", "said", "told", "the",
    "Kestria", "UN", "of", "Ostmark’s", "“", "”", "„", '"', "'", "‘", "’", "«", "»", "``", "''",
    ",", ".", "?", ":", "—", "(", ")", "Q:", "A:", "> ", "- ", "we will go", "talks", "war", " ",
)  # fmt: skip
PAIRS = ("“”", '""', "‘’", "''", "«»", "»«", "„“", "„”", "「」", "()", "[]")

any_text = st.text(max_size=120) | st.text(st.characters(), max_size=80)
"""Any characters, halves of surrogate pairs too."""

pieces = st.lists(st.sampled_from((*ODD, *WORDS, " ", " ")), max_size=60).map("".join)

nested = st.recursive(
    st.sampled_from(("We go", "no", "he said", "Ilse Varga", "x", "")),
    lambda inner: st.builds(
        lambda pair, parts: pair[0] + ", ".join(parts) + pair[-1],
        st.sampled_from(PAIRS),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=20,
)
"""Marks that are well nested, of any styles."""

texts = any_text | pieces | nested | st.tuples(pieces, nested, pieces).map("".join)

encodable = texts.map(lambda text: text.encode("utf-8", "replace").decode("utf-8"))
"""Texts that a file can hold."""
