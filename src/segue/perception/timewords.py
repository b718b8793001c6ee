"""The words of times in eight languages: weekdays, months, numbers, units, and what stands before them."""

from collections.abc import Mapping

from segue.perception.tokens import vocabulary


def numbered(table: Mapping[int, str]) -> dict[str, int]:
    """Each word with the number of its line.

    >>> numbered({1: "one a", 2: "two"})
    {'one': 1, 'a': 1, 'two': 2}
    """
    return {word: number for number, words in table.items() for word in words.split()}


WEEKDAYS = numbered(
    {
        1: "monday montag lundi lunes lunedì maandag poniedziałek",
        2: "tuesday dienstag mardi martes martedì dinsdag wtorek",
        3: "wednesday mittwoch mercredi miércoles mercoledì woensdag środa środę",
        4: "thursday donnerstag jeudi jueves giovedì donderdag czwartek",
        5: "friday freitag vendredi viernes venerdì vrijdag piątek",
        6: "saturday samstag sonnabend samedi sábado sabato zaterdag sobota sobotę",
        7: "sunday sonntag dimanche domingo domenica zondag niedziela niedzielę",
    }
)
SHORT_WEEKDAYS = numbered(
    {1: "mon", 2: "tue tues", 3: "wed weds", 4: "thu thur thurs", 5: "fri", 6: "sat", 7: "sun"}
)
"""Believed only where they are written as names, behind a preposition or in a row."""

WEEKDAYS_AGAIN = numbered(
    {
        1: "mondays montags lundis",
        2: "tuesdays dienstags mardis",
        3: "wednesdays mittwochs mercredis",
        4: "thursdays donnerstags jeudis",
        5: "fridays freitags vendredis",
        6: "saturdays samstags samedis sábados",
        7: "sundays sonntags dimanches domingos",
        67: "weekends weekend wochenende wochenenden wochenends weekeinde weekenden",
        12345: "weekdays workdays werktags wochentags werktagen workday weekday",
    }
)
MONTHS = numbered(
    {
        1: "january januar jänner janvier enero gennaio janeiro januari stycznia styczniu jan",
        2: "february februar février febrero febbraio fevereiro februari lutego lutym feb",
        3: "march märz mars marzo março maart marca marcu mar",
        4: "april avril abril aprile kwietnia kwietniu apr",
        5: "may mai mayo maggio maio mei maja maju",
        6: "june juni juin junio giugno junho czerwca czerwcu jun",
        7: "july juli juillet julio luglio julho lipca lipcu jul",
        8: "august août agosto augustus sierpnia sierpniu aug",
        9: "september septembre septiembre settembre setembro września wrześniu sep sept",
        10: "october oktober octobre octubre ottobre outubro października październiku oct",
        11: "november novembre noviembre novembro listopada listopadzie nov",
        12: "december dezember décembre diciembre dicembre dezembro grudnia grudniu dec",
    }
)
UNSURE_MONTHS = vocabulary(
    "may mai maja march mars mar marca jan jun jul sep dec nov oct aug apr feb mei maju"
)
"""Words that are months only where they are written as names."""

NUMBERS = numbered(
    {
        1: "one a an ein eine einem einer un une una um uma",
        2: "two zwei deux dos due dois duas twee dwa dwie couple",
        3: "three drei trois tres tre três drie trzy",
        4: "four vier quatre cuatro quattro quatro cztery",
        5: "five fünf cinq cinco cinque vijf pięć",
        6: "six sechs seis sei zes sześć",
        7: "seven sieben sept siete sette sete zeven siedem",
        8: "eight acht huit ocho otto oito osiem",
        9: "nine neun neuf nueve nove negen dziewięć",
        10: "ten zehn dix diez dieci dez tien dziesięć",
        11: "eleven elf onze once undici",
        12: "twelve zwölf douze doce",
        30: "thirty dreißig treinta trenta trinta",
    }
)
NOON = vocabulary("noon midday zwölf mittag mittags midi mediodía")
UNIT_DAYS = numbered(
    {
        1: "day days tag tage tagen jour jours día días giorno giorni dia dias dag dagen dzień dni",
        7: "week weeks wk wks woche wochen semaine semaines semana semanas settimana settimane weken tydzień "
        "tygodnie tygodni",
        30: "month months monat monate monaten mois mes meses mese mesi mês maand maanden miesiąc miesiące "
        "miesięcy",
        91: "quarter quarters quartal trimestre kwartaal kwartał",
        365: "year years jahr jahre jahren ans año años anno anni ano anos jaar rok",
    }
)
UNIT_HOURS = vocabulary("hour hours hrs stunde stunden heure heures hora horas ora ore uur godzinę godziny")
UNIT_MINUTES = vocabulary("minute minutes min mins minuten minutos minuti minuty minut")
PERIODS = {
    "weekend": "wd6",
    **{word: {7: "w", 30: "m", 91: "q", 365: "y"}[days] for word, days in UNIT_DAYS.items() if days > 1},
}
NEXT = vocabulary(
    "next nächste nächsten nächster nächstes kommende kommenden kommender coming próximo próxima prochain "
    "prochaine prossimo prossima volgende volgend przyszły przyszłym"
)
FOLLOWING = vocabulary("prochain prochaine próximo próxima prossimo prossima")
THIS = vocabulary("this diese dieser diesen cette ce esta este questa deze dit")
TODAY = vocabulary("today tonight heute aujourd'hui hoy oggi hoje vandaag dziś dzisiaj eod")
TOMORROW = vocabulary("tomorrow tmrw tmr tomorow 2moro morgen demain mañana domani amanhã jutro")
PARTS_OF_DAY = vocabulary("morning afternoon evening noon lunch night midday lunchtime")
AHEAD = vocabulary("in within dans en tra fra over za em dentro next innerhalb binnen für")
FOR = vocabulary("for pendant während durante voor")
ENDS = vocabulary("end ende fin fine eind final")
PAST = vocabulary(
    "last yesterday since past previous letzte letzten letzter dernier pasado scorso vorige seit depuis desde"
)
AT = vocabulary("at um à a gegen om o alle às las la around about")
BEFORE = vocabulary("before earlier vor avant antes prima voor przed prior b4 until till til bis hasta by")
AFTER = vocabulary("after nach ab après después depois dopo na po from past later onwards desde dès von")
RANGE = vocabulary("and to until till und bis et à y e a tot do i through")
