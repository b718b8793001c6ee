"""The cast of the demo story: two brands, their customers, and the people who work there."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from segue.core.ids import uniform

OWNERS = {
    "anna": ("Anna Berger", "anna.berger@acme.example"),
    "tom": ("Tom Hughes", "tom.hughes@acme.example"),
    "mei": ("Mei Tanaka", "mei.tanaka@acme.example"),
    "julia": ("Julia Park", "julia.park@nimbus.example"),
}
"""Account executives by short name."""

ZONES = {
    "DE": "Europe/Berlin",
    "GB": "Europe/London",
    "FR": "Europe/Paris",
    "US": "America/New_York",
    "JP": "Asia/Tokyo",
    "PL": "Europe/Warsaw",
}
LANGUAGES = {"DE": "de", "GB": "en", "FR": "fr", "US": "en", "JP": "ja", "PL": "pl"}
_PHONES = {
    "DE": "+4930{:08d}",
    "GB": "+44207946{:04d}",
    "FR": "+331{:08d}",
    "US": "+1212555{:04d}",
    "JP": "+813{:08d}",
    "PL": "+4822{:07d}",
}
_PHONE_FROM = {
    "DE": 23_125_000,
    "GB": 100,
    "FR": 99_000_000,
    "US": 1_100,
    "JP": 45_670_000,
    "PL": 2_160_000,
}

# key | name | country | brand | currency | yearly revenue in minor units | plan | health | renews | owner
_ACCOUNTS = """
hanseatic  | Hanseatic Freight      | DE | acme   | EUR | 1800000 | starter    | 78 | 2027-06-30 | anna
thameside  | Thameside Legal        | GB | acme   | GBP | 2400000 | starter    | 81 | 2027-03-20 | tom
lumiere    | Atelier Lumière        | FR | acme   | EUR | 1500000 | starter    | 76 | 2027-07-15 | anna
nordwind   | Nordwind Energie       | DE | acme   | EUR | 6400000 | pro        | 44 | 2027-01-31 | anna
brightwater| Brightwater Utilities  | GB | acme   | GBP | 3100000 | pro        | 73 | 2027-02-15 | tom
isar       | Isar Optik             | DE | acme   | EUR | 1600000 | starter    | 80 | 2027-05-31 | anna
elbtal     | Elbtal Druck           | DE | acme   | EUR | 1700000 | starter    | 79 | 2027-05-31 | anna
spree      | Spree Logistik         | DE | acme   | EUR | 1650000 | starter    | 82 | 2027-05-31 | anna
hudson     | Hudson Analytics       | US | nimbus | USD | 2000000 | starter    | 77 | 2027-06-30 | julia
sakura     | Sakura Robotics        | JP | acme   | JPY | 2600000 | starter    | 84 | 2027-06-30 | mei
pennine    | Pennine Outdoor        | GB | acme   | GBP | 1900000 | pro        | 74 | 2027-07-31 | tom
rivet      | Rivet Labs             | US | nimbus | USD | 900000  | starter    | 70 | 2027-10-31 | julia
baltic     | Baltic Foods           | DE | acme   | EUR | 1750000 | starter    | 75 | 2027-04-30 | anna
caledonia  | Caledonia Insurance    | GB | acme   | GBP | 3600000 | pro        | 66 | 2027-01-15 | tom
vosges     | Vosges Mobilier        | FR | acme   | EUR | 2100000 | starter    | 79 | 2027-08-31 | anna
prairie    | Prairie Health         | US | nimbus | USD | 2800000 | pro        | 72 | 2027-09-30 | julia
kaffee     | Kleinstadt Kaffee      | DE | acme   | EUR | 12000   | starter    | 71 | 2027-09-30 | anna
osaka      | Osaka Precision        | JP | acme   | JPY | 9000000 | enterprise | 52 | 2026-12-31 | mei
alpen      | Alpenblick Hotels      | DE | acme   | EUR | 4000000 | pro        | 52 | 2026-12-31 | anna
wistula    | Wistula Transport      | PL | acme   | EUR | 1400000 | pro        | 69 | 2027-08-31 | anna
granite    | Granite State Bank     | US | nimbus | USD | 5200000 | enterprise | 83 | 2027-05-31 | julia
mistral    | Mistral Voyages        | FR | acme   | EUR | 1300000 | pro        | 68 | 2027-03-31 | anna
heron      | Heron & Daughters      | GB | nimbus | GBP | 1100000 | starter    | 64 | 2027-04-30 | tom
kyoto      | Kyoto Paper            | JP | acme   | JPY | 3300000 | pro        | 77 | 2027-07-31 | mei
cascade    | Cascade Software       | US | nimbus | USD | 4300000 | pro        | 79 | 2027-02-10 | julia
lindgrun   | Lindgrün Möbel         | DE | acme   | EUR | 2250000 | pro        | 70 | 2027-03-15 | anna
"""

# account | key | name | role | title
_PEOPLE = """
hanseatic | klara | Klara Vogt | admin | Head of Operations
hanseatic | sven | Sven Harms | champion | Fleet Planner
thameside | oliver | Oliver Grant | champion | Practice Manager
thameside | priya | Priya Nair | admin | IT Lead
lumiere | camille | Camille Roux | champion | Studio Director
lumiere | etienne | Étienne Blanc | admin | Office Manager
nordwind | jonas | Jonas Petersen | champion | Head of Trading
nordwind | birgit | Birgit Lohmann | cfo | Chief Financial Officer
nordwind | meike | Meike Sommer | user | Analyst
brightwater | greta | Greta Falkenrath | admin | Billing Coordinator
brightwater | neil | Neil Ashdown | champion | Service Director
isar | lukas | Lukas Brandl | champion | Managing Director
isar | eva | Eva Stangl | user | Buyer
elbtal | maren | Maren Kunze | champion | Production Manager
elbtal | uwe | Uwe Richter | user | Scheduler
spree | deniz | Deniz Yilmaz | champion | Managing Director
spree | paula | Paula Krüger | user | Dispatcher
hudson | rachel | Rachel Stein | champion | VP Research
hudson | marcus | Marcus Bell | user | Data Engineer
sakura | haruto | Haruto Saito | champion | Plant Manager
sakura | aiko | Aiko Mori | user | Engineer
pennine | gemma | Gemma Ward | admin | E-commerce Lead
pennine | ian | Ian Holroyd | champion | Founder
rivet | dana | Dana Kowalski | admin | Chief of Staff
rivet | luis | Luis Ortega | champion | Product Lead
rivet | quinn | Quinn Abbott | user | Designer
baltic | frauke | Frauke Jensen | champion | Marketing Lead
baltic | torben | Torben Kruse | admin | IT Administrator
caledonia | fiona | Fiona Macrae | cfo | Chief Financial Officer
caledonia | alasdair | Alasdair Reid | admin | Systems Administrator
vosges | hugo | Hugo Lambert | champion | Managing Director
vosges | ines | Inès Moreau | user | Sales Assistant
prairie | owen | Owen Fischer | admin | Clinic Manager
prairie | tasha | Tasha Greene | user | Front Desk Lead
kaffee | mia | Mia Hartmann | champion | Owner
kaffee | ole | Ole Hartmann | user | Barista
osaka | kenji | Kenji Watanabe | champion | Head of Quality
osaka | yui | Yui Nakamura | admin | IT Manager
alpen | valentin | Valentin Huber | champion | Director of Sales
alpen | resi | Resi Obermaier | admin | Reservations Lead
wistula | piotr | Piotr Zieliński | champion | Fleet Director
wistula | ewa | Ewa Mazur | user | Accountant
granite | helen | Helen Whitaker | champion | Chief Digital Officer
granite | raj | Raj Menon | admin | Platform Lead
granite | beth | Beth Corrigan | cfo | Controller
granite | sam | Sam Doyle | user | Analyst
mistral | chloe | Chloé Garnier | champion | Head of Sales
mistral | bastien | Bastien Leroy | admin | Systems Lead
mistral | nadia | Nadia Benali | user | Travel Agent
heron | beatrice | Beatrice Heron | ceo | Managing Partner
heron | callum | Callum Frost | admin | Office Manager
heron | zoe | Zoe Lockwood | user | Bookkeeper
kyoto | ren | Ren Fujimoto | champion | Sales Director
kyoto | sora | Sora Kato | admin | IT Lead
kyoto | mao | Mao Inoue | user | Planner
cascade | grace | Grace Lindqvist | champion | VP Engineering
cascade | diego | Diego Ramos | admin | Platform Engineer
cascade | amara | Amara Obi | cfo | VP Finance
cascade | noah | Noah Feldman | user | Engineer
lindgrun | tobias | Tobias Lindgrün | ceo | Managing Director
lindgrun | silke | Silke Baumann | admin | Store Systems
lindgrun | jan | Jan Petzold | user | Showroom Manager
lindgrun | carla | Carla Wendt | champion | Head of Retail
"""


@dataclass(frozen=True, slots=True)
class Account:
    """A customer of one of the brands.

    Attributes:
        arr: Yearly revenue in minor units of `currency`.
        renews_on: Date of the next renewal.
        users: How many people there use the product on a usual working day.
    """

    key: str
    name: str
    country: str
    brand: str
    currency: str
    arr: int
    plan: str
    health: int
    renews_on: str
    owner: str
    users: int

    @property
    def identifier(self) -> str:
        """Its identifier in the CRM."""
        return f"crm_company:{self.key}"

    @property
    def zone(self) -> str:
        """Its IANA time zone."""
        return ZONES[self.country]

    @property
    def domain(self) -> str:
        """Domain of its e-mail addresses."""
        return f"{self.key}.example"

    def facts(self) -> dict[str, Any]:
        """What the CRM says of it."""
        owner, owner_email = OWNERS[self.owner]
        return {
            "name": self.name,
            "arr": {"amount": self.arr, "currency": self.currency},
            "plan": self.plan,
            "stage": "active",
            "health": self.health,
            "renews_at": self.renews_on,
            "owner": owner,
            "owner_email": owner_email,
            "country": self.country,
            "time_zone": self.zone,
            "brand": self.brand,
            "currency": self.currency,
        }


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at an account."""

    key: str
    name: str
    role: str
    title: str
    account: Account
    email: str
    phone: str

    @property
    def zone(self) -> str:
        """Their IANA time zone."""
        return self.account.zone

    @property
    def identifiers(self) -> tuple[str, ...]:
        """Every identifier they have."""
        return (f"crm:{self.key}", f"email:{self.email}", f"phone:{self.phone}")

    def facts(self) -> dict[str, Any]:
        """What the CRM says of them."""
        return {
            "name": self.name,
            "email": self.email,
            "phone": self.phone,
            "chat": self.key,
            "role": self.role,
            "title": self.title,
            "time_zone": self.zone,
            "country": self.account.country,
            "language": LANGUAGES[self.account.country],
            "brand": self.account.brand,
        }


@lru_cache(maxsize=1)
def accounts() -> dict[str, Account]:
    """All accounts by key."""
    found = {}
    for row in _rows(_ACCOUNTS):
        key, name, country, brand, currency, arr, plan, health, renews_on, owner = row
        users = 30 + uniform(key, "users") * 60 // 1_000_000
        found[key] = Account(
            key, name, country, brand, currency, int(arr), plan, int(health), renews_on, owner, users
        )
    return found


@lru_cache(maxsize=1)
def people() -> dict[str, Person]:
    """All people by key."""
    found: dict[str, Person] = {}
    numbers = dict(_PHONE_FROM)
    for account_key, key, name, role, title in _rows(_PEOPLE):
        account = accounts()[account_key]
        phone = _PHONES[account.country].format(numbers[account.country])
        numbers[account.country] += 7
        found[key] = Person(key, name, role, title, account, f"{key}@{account.domain}", phone)
    return found


def members(account: Account) -> list[Person]:
    """The people of an account, in the order of the cast."""
    return [person for person in people().values() if person.account.key == account.key]


def _rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
