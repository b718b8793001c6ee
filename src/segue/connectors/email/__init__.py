"""E-mail: SMTP out, IMAP in, and what a mailbox tells becomes signals."""
