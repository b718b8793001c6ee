"""HTML as the person saw it, with quotes marked."""

import pytest

from segue.perception.mail.html import text_of_html
from segue.perception.mail.nesting import takes_long
from segue.perception.mail.quoting import apart


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("one<br>two<br><br>three", "one\ntwo\n\nthree"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("a &amp; b &lt;c&gt; &euro; &#128512;", "a & b <c> € 😀"),
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("  lots \n of\t space  ", "lots of space"),
        ("<style>p{}</style><script>x()</script><title>t</title>seen", "seen"),
        ('<div style="display: none">hidden</div><span hidden>too</span>seen', "seen"),
        ('<span style="font-size:0px">preheader</span>seen', "seen"),
        ("<!-- comment -->seen", "seen"),
        ("<b>bold</b> and <i>italic</i>", "bold and italic"),
        ("", ""),
    ],
)
def test_html_is_read_as_its_text(html: str, text: str) -> None:
    assert text_of_html(html) == text


@pytest.mark.parametrize(
    "html",
    [
        '<div>Thursday.</div><div class="gmail_quote"><div>On Monday Acme wrote:<br></div>Which day?</div>',
        "<p>Thursday.</p><blockquote type=cite>Which day?</blockquote>",
        '<p>Thursday.</p><div id="divRplyFwdMsg"><b>From:</b> Acme</div><div>Which day?</div>',
        '<p>Thursday.</p><div class="gmail_signature">Ann Smith<br>Alder</div>',
        '<p>Thursday.</p><div id="appendonsend"></div><hr>Which day?',
        '<p>Thursday.</p><div id="Signature">Ann</div>',
    ],
)
def test_marks_of_mail_programs_part_own_words_from_the_rest(html: str) -> None:
    assert apart(text_of_html(html)).own == "Thursday."


def test_what_nests_deeper_than_any_mail_is_read_without_a_tree() -> None:
    assert text_of_html("<div>" * 5_000 + "seen") == "seen"


@pytest.mark.parametrize(
    "html",
    [
        "<div></zz>" * 2_000,
        "<b><!--</b>-->" * 2_000,
        "<div title='</div>'>" * 2_000,
        "<object>" + "<div>" * 2_000,
        "<p>" + "".join(f"<b a={n}>" for n in range(100)) + "<p>x" * 5_000,
        "<p>" + "".join(f"<b a={n}><table><td></b></table>" for n in range(100)) + "<p>x" * 5_000,
        "<p>" + "".join(f"<b a={n}><textarea></b></textarea>" for n in range(100)) + "<p>x" * 5_000,
    ],
)
def test_what_a_parser_would_work_on_for_long_is_told_beforehand(html: str) -> None:
    assert takes_long(html)


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td><table><tr><td><a href='x'><b>Read</b></a><br>on</td></tr></table></td></tr></table>"
        * 400,
        "<p><font color=red>One<p>Two" * 200,
        "<span>" * 500 + "words",
        "<ul>" + "<li><b>one</b>" * 9_000 + "</ul>",
    ],
)
def test_mails_as_programs_write_them_are_read_with_their_tree(html: str) -> None:
    assert not takes_long(html)
