"""Unsubscribing and preferences: one page behind the signed link of a message, and One-Click (RFC 8058).

A GET shows and changes nothing, whoever prefetches it. A POST needs no cookie and no sign-in: the link is the
key; it names a profile, a brand, a purpose and a channel, never expires, and shows no personal data.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from litestar import HttpMethod, Response, post, route
from litestar.types import ControllerRouterHandler

from segue.bootstrap import Door
from segue.bootstrap.way_out import Choice, Standing, choices_of
from segue.core.errors import BusyError
from segue.portal.asking import BUSY, MISSING, AnyRequest
from segue.portal.rendering import Rendering
from segue.portal.words import CHANNELS, PURPOSES, language_of, words
from segue.privacy import Subscription
from segue.privacy.consent import ALL

_SHOWN = ("email", "sms", "whatsapp", "phone")
_ASKED_APART = ("commercial", "service")
_LONGEST_BODY = 16 * 1024
_ONE_CLICK = "List-Unsubscribe"


def consent_routes(door: Door, rendering: Rendering) -> list[ControllerRouterHandler]:
    """`/u/{token}`: the page, its form, and One-Click."""
    pages = _ConsentPages(door, rendering)

    @route("/u/{token:str}", http_method=[HttpMethod.GET, HttpMethod.HEAD])
    async def show(request: AnyRequest) -> Response[str]:
        return await asyncio.to_thread(pages.show, request)

    @post("/u/{token:str}", status_code=200, request_max_body_size=_LONGEST_BODY)
    async def change(request: AnyRequest) -> Response[str]:
        return await pages.change(request)

    return [show, change]


@dataclass(frozen=True, slots=True)
class _Done:
    """What was just said: the words for it, and how things stand now, before the log is read again."""

    said: str = ""
    now: Mapping[Choice, bool] = field(default_factory=dict)


class _ConsentPages:
    def __init__(self, door: Door, rendering: Rendering) -> None:
        self._door, self._rendering = door, rendering

    def show(self, request: AnyRequest) -> Response[str]:
        """The page as things stand."""
        found = self._subscription(request)
        return self._page(request, found, _Done()) if found else self._bad(request)

    async def change(self, request: AnyRequest) -> Response[str]:
        """Do what a mail program or a person asks; anything else shows the page."""
        found = self._subscription(request)
        if found is None:
            return self._bad(request)
        form = await request.form()
        try:
            done = await self._changed(found, form)
        except BusyError:
            return self._rendering.page("busy.html", {"language": "en"}, status=BUSY)
        return await asyncio.to_thread(self._page, request, found, done)

    async def _changed(self, found: Subscription, form: Mapping[str, Any]) -> _Done:
        way_out, profile = self._door.way_out, found.profile_id
        if form.get(_ONE_CLICK) == "One-Click" or "unsubscribe" in form:
            own = Choice(found.brand, found.channel, found.purpose)
            basis = "one-click" if _ONE_CLICK in form else "unsubscribe page"
            await way_out.wish(profile, "withdrawn", [own], basis)
            return _Done("unsubscribed", {own: False})
        if "everything" in form:
            await way_out.wish(profile, "withdrawn", [Choice("", ALL)], "unsubscribe page")
            return _Done("all_gone", dict.fromkeys(self._choices(found), False))
        return await self._preferred(found, form) if "preferences" in form else _Done()

    async def _preferred(self, found: Subscription, form: Mapping[str, Any]) -> _Done:
        """Take in what differs from how things stand; what nobody spoke of stays unspoken of."""
        way_out = self._door.way_out
        ticked = {item: _name(item) in form for item in self._choices(found)}
        standing = await asyncio.to_thread(way_out.standing, found.profile_id)
        changed = {item: on for item, on in ticked.items() if standing and _is_on(standing, item) is not on}
        for state in ("withdrawn", "granted"):
            wanted = [item for item, on in changed.items() if on is (state == "granted")]
            await way_out.wish(found.profile_id, state, wanted, "preference page")
        return _Done("saved", ticked)

    def _subscription(self, request: AnyRequest) -> Subscription | None:
        return self._door.way_out.subscription(request.path_params["token"])

    def _choices(self, found: Subscription) -> tuple[Choice, ...]:
        """All that can be chosen; the brand and channel of the message first."""
        own = self._door.app.playbook.settings.brands
        brands = dict.fromkeys((found.brand, *own)) if found.brand else dict.fromkeys(own)
        channels = dict.fromkeys((found.channel, *_SHOWN))
        return choices_of([*brands], [name for name in channels if name in CHANNELS["en"]], _ASKED_APART)

    def _page(self, request: AnyRequest, found: Subscription, done: _Done) -> Response[str]:
        standing = self._door.way_out.standing(found.profile_id)
        language = language_of(standing.language if standing else "", _accepted(request))
        names = {
            "brand": _shown(found.brand or self._door.app.playbook.settings.brands[0]),
            "channel": CHANNELS[language].get(found.channel, found.channel),
            "purpose": PURPOSES[language].get(found.purpose, PURPOSES[language]["commercial"])[0],
        }
        own = Choice(found.brand, found.channel, found.purpose)
        told = {key: text.format(**names) for key, text in words(language).items()}
        values = {
            "language": language,
            "w": told,
            "is_on": done.now.get(own, _is_on(standing, own)) if standing else False,
            "done": told[done.said] if done.said else "",
            "groups": self._groups(found, standing, language, done) if standing else [],
        }
        return self._rendering.page("unsubscribe.html", values)

    def _groups(
        self, found: Subscription, standing: Standing, language: str, done: _Done
    ) -> list[dict[str, Any]]:
        """The choices of the page by brand and channel; what was just said is shown as said."""
        groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for item in self._choices(found):
            title, doc = PURPOSES[language][item.purpose]
            is_on = done.now.get(item, _is_on(standing, item))
            row = {"name": _name(item), "title": title, "doc": doc, "is_on": is_on}
            groups.setdefault((item.brand, item.channel), []).append(row)
        return [
            {"title": f"{_shown(brand)} · {CHANNELS[language][channel]}", "rows": rows}
            for (brand, channel), rows in groups.items()
        ]

    def _bad(self, request: AnyRequest) -> Response[str]:
        language = language_of("", _accepted(request))
        values = {"language": language, "w": words(language)}
        return self._rendering.page("bad_link.html", values, status=MISSING)


def _accepted(request: AnyRequest) -> str:
    return request.headers.get("accept-language", "")


def _is_on(standing: Standing, choice: Choice) -> bool:
    """Whether they get it: offers only by consent, service unless they said no."""
    allowed = standing.allows(choice)
    return allowed is True if choice.purpose == "commercial" else allowed is not False


def _name(choice: Choice) -> str:
    return f"want:{choice.brand}:{choice.channel}:{choice.purpose}"


def _shown(brand: str) -> str:
    return brand.capitalize()
