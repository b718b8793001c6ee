"""Questions to the DNS, behind a port: what the world reads about a domain that sends mail."""

from typing import Protocol

import dns.asyncresolver
import dns.exception
import dns.resolver

from segue.core.errors import RetryError

ANSWER_S = 5.0


class Resolver(Protocol):
    """Asks the DNS for texts."""

    async def texts(self, name: str) -> list[str]:
        """TXT records of a name, each in one piece; none where there are none.

        Raises:
            RetryError: Nobody answered.
        """
        ...


class DnsResolver:
    """The resolver of this machine."""

    async def texts(self, name: str) -> list[str]:
        """TXT records of a name."""
        try:
            resolver = dns.asyncresolver.Resolver()
            found = await resolver.resolve(name, "TXT", lifetime=ANSWER_S)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError, ValueError) as error:
            raise RetryError(f"the DNS does not answer about `{name}`: {type(error).__name__}") from error
        return [b"".join(record.strings).decode("utf-8", "replace") for record in found]
