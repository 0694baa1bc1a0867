from __future__ import annotations

from springfield.results.page.html import Html, breakable, escape, fill, join, tag, void


def test_tag__escapes_text_and_attributes() -> None:
    made = tag("p", "<script>&", title='a"b<c', class_="x")
    assert made == '<p title="a&quot;b&lt;c" class="x">&lt;script&gt;&amp;</p>'


def test_tag__keeps_markup_and_leaves_out_none() -> None:
    assert (
        tag("p", tag("b", "x"), None, hidden=True, id=None, lang=False) == "<p hidden><b>x</b></p>"
    )


def test_tag__attribute_names() -> None:
    assert tag("i", stroke_width=1.50, name="n") == '<i stroke-width="1.5" name="n"></i>'


def test_void__has_no_end() -> None:
    assert void("img", alt="") == '<img alt="">'


def test_escape__name_that_is_not_utf8() -> None:
    assert escape("caf\udce9.jpg") == "caf?.jpg"


def test_fill__escapes_values_only() -> None:
    assert fill("<b>{x}</b>", x="<i>") == "<b>&lt;i&gt;</b>"
    assert isinstance(fill("{x}", x=1), Html)


def test_join__escapes_between_nothing() -> None:
    assert join(["<", tag("i"), None], ", ") == "&lt;, <i></i>"


def test_breakable__escapes_first() -> None:
    assert breakable("<a>/b_c") == "&lt;a&gt;/<wbr>b_<wbr>c"
