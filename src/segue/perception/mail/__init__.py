"""Mail: from any bytes to what a mail says, to whom it answers, and what kind of thing it is."""

from segue.perception.mail.own import effect_of, message_id, own_local_part
from segue.perception.mail.reading import Attachment, Mail, read_mail, spoken

__all__ = [
    "Attachment",
    "Mail",
    "effect_of",
    "message_id",
    "own_local_part",
    "read_mail",
    "spoken",
]
