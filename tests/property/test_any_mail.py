"""Any bytes are a mail: reading them never fails, and leads to one signal at most, which is acceptable."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from segue.connectors.email.arriving import Arrived, signal_of
from segue.core.encoding import encode
from segue.core.records.signals import NewSignal
from segue.core.units import to_instant
from segue.perception.mail import read_mail
from segue.runtime.admission import MAX_BODY_BYTES, admit
from tests.mails import IDS, a_bounce, a_complaint, a_mail
from tests.unit.runtime.fakes import a_mind

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
SEEDS = (
    a_mail(),
    a_mail("<p>Hi<blockquote>x", Content_Type="text/html"),
    a_bounce(),
    a_complaint(),
    a_mail(Subject="unsubscribe", References="<a@b> <c@d>", Auto_Submitted="auto-replied"),
    a_mail("--b\n\nx\n--b--", Content_Type="multipart/mixed; boundary=b"),
)
WORDS = st.sampled_from(
    (
        b"\r\n", b"\n\n", b"\r", b"\x00", b"\xff\xfe", b"<", b">", b"--b", b"Content-Type: ",
        b"multipart/report; ", b"boundary=b", b"message/rfc822", b"=?utf-8?q?", b"From: a@x.io",
        b"; charset=", b"base64", b"utf-7", b"punycode", b"name*0*=''%", b"report-type=delivery-status",
    )
)  # fmt: skip


@st.composite
def mails(draw: st.DrawFn) -> bytes:
    """Real mails with pieces cut out and put in, and plain noise."""
    raw = draw(st.sampled_from(SEEDS) | st.binary(max_size=300))
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, len(raw)))
        raw = raw[:place] + draw(WORDS | st.binary(max_size=8)) + raw[place + draw(st.integers(0, 20)) :]
    return raw


@settings(max_examples=400)
@given(mails())
def test_any_bytes_lead_to_one_signal_at_most(raw: bytes) -> None:
    arrived = Arrived(
        read_mail(raw, IDS), "email", NOW, "digest", subject=f"profile:{'0' * 26}", is_known=True
    )

    signal = signal_of(arrived, IDS)

    assert isinstance(signal, NewSignal | str)


@settings(max_examples=200)
@given(st.text(max_size=2_000), st.text(max_size=200))
def test_a_mail_of_any_text_is_accepted(text: str, subject: str) -> None:
    raw = a_mail(
        text.encode("utf-8", "replace").decode(), Subject=subject.encode("utf-8", "replace").decode()
    )
    arrived = Arrived(read_mail(raw, IDS), "email", NOW, "digest", is_known=True)

    signal = signal_of(arrived, IDS)

    if isinstance(signal, NewSignal):
        draft = admit(signal, a_mind(), IDS, to_instant(NOW))
        assert len(encode(draft.body)) <= MAX_BODY_BYTES


def test_a_very_long_mail_of_characters_that_json_must_escape_fits() -> None:
    raw = a_mail("\x01" * 300_000 + "\n> " + "\x02" * 300_000)

    signal = signal_of(Arrived(read_mail(raw, IDS), "email", NOW, "digest", is_known=True), IDS)

    assert isinstance(signal, NewSignal)
    assert len(encode(dict(signal.body))) <= MAX_BODY_BYTES
