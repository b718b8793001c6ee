"""Words and phrases that tell a mood, a sentiment, a risk or an absence, in eight languages."""

from collections.abc import Iterator

from segue.perception.phrases import Tag
from segue.perception.tokens import Tokens, vocabulary

# Phrases by mood, with commas between.
_MOODS = {
    "angry": "angry, furious, outrage*, unacceptable, ridiculous, disgust*, fed up, sick of, had enough of, "
    "rip off, ripoff, scam, worst, hidden fee*, shame on you, how dare, pissed, livid, wütend, sauer, "
    "unverschämt*, frechheit, inakzeptabel, abzocke, reicht mir, furieux, furieuse, inadmissible, "
    "inacceptable, arnaque, honte, furioso, furiosa, enojad*, inaceptable, indignante, estafa, "
    "vergüenza, arrabbiat*, inaccettabile, vergogn*, truffa, inaceitável, furios*, vergonha, absurdo, "
    "golpe, woedend, boos, onacceptabel, belachelijk, schandalig, wściek*, skandal*, niedopuszczaln*, "
    "oszust*, kpin*, żenad*, 😡, 🤬, 😠",
    "frustrated": "frustrat*, annoy*, disappoint*, still not working, still doesn't work, still broken, "
    "again and again, waste of time, third time, keeps failing, keeps crashing, not happy, unhappy, nobody "
    "answers, no answer, still waiting, been waiting, tired of, genervt, nervt, enttäusch*, "
    "unzufrieden*, funktioniert nicht, geht nicht, immer noch nicht, frustr*, déçu*, marre, ne "
    "fonctionne pas, ne marche pas, decepcion*, harto, harta, no funciona, delus*, non funziona, "
    "stufo, desapont*, não funciona, gefrustreerd, teleurgesteld, werkt niet, sfrustrowan*, zawied*, "
    "nie działa, rozczarowan*, 😤, 😞, 🙄",
    "urgent": "urgent*, asap, immediately, right away, as soon as possible, emergency, critical, deadline, "
    "by tomorrow, by today, end of day, eod, dringend*, sofort, so schnell wie möglich, eilt, urgence, "
    "immédiatement, dès que possible, urgente, cuanto antes, inmediatamente, subito, il prima "
    "possibile, imediatamente, o mais rápido, dringend, spoed, zo snel mogelijk, pilne, pilnie, "
    "natychmiast, jak najszybciej",
    "confused": "confus*, don't understand, do not understand, doesn't make sense, not sure how, not clear, "
    "unclear, lost me, i'm lost, no idea how, can't figure, can't find, what does * mean, puzzled, "
    "verstehe nicht, verstehe * nicht, verwirr*, unklar, keine ahnung, ne comprends pas, comprends "
    "pas, pas clair, perdu, no entiendo, no me queda claro, confundid*, non capisco, non è chiaro, "
    "não entendo, não percebo, snap * niet, begrijp * niet, onduidelijk, nie rozumiem, niejasne, 😕, "
    "🤔, 😵",
    "excited": "excited, can't wait, amazing, awesome, love it, love this, fantastic, incredible, brilliant, "
    "wow, thrilled, looking forward, begeistert, großartig, genial, freue mich, super spannend, hâte "
    "de, incroyable, emocionad*, increíble, entusiast*, fantastic*, incrível, geweldig, enthousiast, "
    "świetn*, wspaniał*, niesamowit*, 🎉, 🚀, 😍, 🤩, 🔥",
    "curious": "curious, interested, wondering, wonder if, tell me more, more information, more info, learn "
    "more, how does, could you explain, would love to know, neugierig, interessier*, mehr erfahren, "
    "mehr informationen, intéress*, en savoir plus, interesad*, más información, saber más, "
    "interessat*, maggiori informazioni, interessad*, mais informações, nieuwsgierig, geïnteresseerd, "
    "meer informatie, meer weten, ciekaw*, zainteresowan*, więcej informacji, 👀",
    "calm": "no rush, no hurry, whenever you can, all good, no problem, kein problem, keine eile, pas de "
    "souci",
}
# Signs that count double.
_STRONG = {
    "angry": "furious, outrage*, absolutely unacceptable, shame on you, frechheit, unverschämt*, arnaque, "
    "estafa, truffa, woedend, wściek*, skandal*, oszust*, 🤬, 😡",
    "frustrated": "waste of time, frustrat*, again and again",
    "urgent": "urgent*, asap, emergency, dringend*, urgence, pilne",
    "confused": "confus*, don't understand, verwirr*",
    "excited": "can't wait, thrilled, begeistert, 🚀, 🤩",
    "curious": "curious, very interested, neugierig",
}

_RISKS = {
    "legal_threat": "porter plainte, porte plainte, déposer plainte, my lawyer*, our lawyer*, a lawyer, my "
    "attorney*, our attorney*, an attorney, legal "
    "action, legal steps, legal proceedings, sue you, suing, lawsuit, take you to court, see you in court, "
    "small claims, anwalt, anwälte, rechtsanwalt, anwaltlich*, rechtliche schritte, verklag*, rechtsweg, "
    "avocat*, poursuites judiciaires, action en justice, tribunal, abogad*, acciones legales, demandar*, "
    "avvocat*, vie legali, denunci*, advogad*, ação judicial, processar vocês, advocaat, juridische "
    "stappen, rechtszaak, prawnik*, adwokat*, pozew, pozwę, do sądu",
    "chargeback": "chargeback*, charge back, dispute the charge*, dispute this charge, dispute the payment, "
    "disputed * with my bank, reverse the charge*, rückbuch*, rückbelast*, lastschrift zurück*, "
    "rétrofacturation, contester le paiement, contracargo*, devolución del cargo, estorno no cartão, "
    "contestare l'addebito, terugboek*, obciążenie zwrotne, reklamacja w banku",
    "security_breach": "security breach, data breach, breached, been hacked, was hacked, got hacked, were "
    "hacked, hacked, data leak*, leaked * data, security vulnerability, found a vulnerability, security "
    "incident, unauthorized access, unauthorised access, account * compromised, ransomware, datenleck, "
    "datenpanne, gehackt*, sicherheitslücke*, sicherheitsvorfall, piraté*, fuite de données, faille de "
    "sécurité, hackead*, brecha de seguridad, filtración de datos, violazione dei dati, hackerat*, vazamento "
    "de dados, invadid*, datalek, wyciek danych, zhakowan*, włamanie",
    "self_harm": "kill myself, killing myself, end my life, ending my life, suicide, suicidal, hurt myself, "
    "harm myself, don't want to live, mich umbringen, das leben nehmen, suizid*, selbstmord, me suicider, "
    "me tuer, suicidarme, matarme, uccidermi, togliermi la vita, me matar, suicídio, zelfmoord, zabić się, "
    "samobójstw*",
    "data_deletion": "delete * my data, delete all * data, delete my account and data, erase my data, "
    "remove my data, delete * personal data, "
    "right to be forgotten, right to erasure, gdpr request, gdpr complaint, under gdpr, under the gdpr, "
    "subject access request, data subject request, ccpa request, daten löschen, löschen * meine daten, "
    "löschung meiner daten, auskunft nach * dsgvo, nach dsgvo, supprimer mes données, supprimez mes données, "
    "droit à l'oubli, selon le rgpd, borrar mis datos, eliminar mis datos, borren mis datos, derecho al "
    "olvido, cancellare i miei dati, cancellate i miei dati, eliminar os meus dados, apagar os meus dados, "
    "apagar meus dados, apaguem os meus dados, apague os meus dados, gegevens verwijderen, "
    "verwijder mijn gegevens, usunąć moje dane, usuńcie moje dane, usunięcie danych, rodo",
}

_OUT_OF_OFFICE = (
    "out of office, out of the office, automatic reply, automated reply, auto reply, autoreply, on vacation "
    "until, on annual leave, on parental leave, on maternity leave, on leave until, away from my desk until, "
    "abwesend, abwesenheitsnotiz, automatische antwort, nicht im büro, bin im urlaub, "
    "bin bis * im urlaub, réponse automatique, "
    "absent du bureau, absente du bureau, absence du bureau, fuera de la oficina, respuesta automática, fora "
    "do escritório, resposta automática, fuori ufficio, risposta automatica, afwezigheidsbericht, niet op "
    "kantoor, automatisch antwoord, poza biurem, autoodpowiedź, automatyczna odpowiedź, jestem nieobecn*"
)

# Weight of each word from -3 to 3.
_SENTIMENTS = {
    3: "amazing awesome fantastic excellent perfect love thrilled incredible brilliant begeistert großartig "
    "hervorragend perfekt excellent parfait génial excelente perfecto perfeito eccellente perfetto "
    "fantastisch geweldig świetnie świetny doskonale 😍 🤩",
    2: "great good happy glad helpful useful enjoy excited impressive gut super toll zufrieden hilfreich bon "
    "bien content heureux bueno genial contento bom ótimo buono bene ottimo goed blij tevreden dobrze dobry "
    "zadowolony 🎉 🚀 ❤ 😊 😀 😄",
    1: "thanks thank nice interested interesting works solved fine okay appreciate danke merci gracias "
    "obrigado obrigada grazie bedankt dankjewel dziękuję 🙂 👍 🙏",
    -1: "problem problems issue issues slow late difficult confused confusing expensive unclear "
    "unfortunately leider "
    "schwierig langsam teuer lent cher difficile lento caro difícil lentezza traag duur wolno drogo niestety "
    "😕",
    -2: "bad broken fail fails failed failing error wrong annoying annoyed disappointed disappointing "
    "unhappy "
    "frustrated frustrating useless crash crashes crashed kaputt schlecht enttäuscht genervt fehler mauvais "
    "déçu malo mal roto decepcionado ruim quebrado rotto cattivo deluso slecht kapot teleurgesteld zły źle "
    "zepsuty 😞 👎 😤",
    -3: "terrible horrible awful worst hate furious angry unacceptable ridiculous scam disgusting outrageous "
    "furchtbar schrecklich unverschämt inakzeptabel wütend katastrophe horrible inacceptable furieux pésimo "
    "inaceptable estafa péssimo inaceitável pessimo inaccettabile verschrikkelijk onacceptabel woedend "
    "okropny fatalny skandal tragedia 😡 🤬 😠",
}

_GOOD = frozenset(word for weight in (2, 3) for word in _SENTIMENTS[weight].split())
_BAD = frozenset(word for weight in (-2, -3) for word in _SENTIMENTS[weight].split())

INTENSIFIERS = vocabulary(
    "very really extremely absolutely totally completely so such incredibly utterly sehr wirklich absolut "
    "total extrem völlig très vraiment tellement muy realmente totalmente muito molto davvero zeer heel erg "
    "echt bardzo naprawdę strasznie"
)


def entries() -> Iterator[tuple[str, Tag]]:
    """Every phrase of the built-in lexicons with what it is a sign of."""
    for weight, lexicon in ((1, _MOODS), (2, _STRONG)):
        for mood, phrases in lexicon.items():
            yield from ((phrase, Tag("mood", mood, weight)) for phrase in _split(phrases))
    for risk, phrases in _RISKS.items():
        for phrase in _split(phrases):
            yield phrase, Tag("risk", risk)
    for weight, words in _SENTIMENTS.items():
        for word in dict.fromkeys(words.split()):
            yield word, Tag("sentiment", word, weight)


def polarity(tokens: Tokens) -> int:
    """1 where words praise and none blames, -1 the other way round, else 0; what is negated tells nothing."""
    told = {
        word: tokens.is_negated(i) for i, word in enumerate(tokens.words) if word in _GOOD or word in _BAD
    }
    if any(told.values()):
        return 0
    good, bad = not _GOOD.isdisjoint(told), not _BAD.isdisjoint(told)
    return good - bad


def out_of_office() -> tuple[str, ...]:
    """Phrases of automatic replies."""
    return _split(_OUT_OF_OFFICE)


def _split(phrases: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in phrases.split(",") if part.strip())
