"""What people add to an answer in their own words, and leave in it: where to reach them."""

from random import Random

_CONTENT = (
    "Everything was clear, thank you.",
    "Alles war verständlich, danke.",
    "Tout était clair, merci.",
)
_ANNOYED = (
    "I waited for weeks and was told nothing.",
    "Ich habe wochenlang nichts gehört.",
    "J'ai attendu des semaines sans nouvelles.",
)
_REACHED = (
    "Write to {mail} to hear more.",
    "Antwort bitte an {mail}, {phone}.",
    "Appelez-moi au {phone}.",
    "",
)
_SHARE = 0.2


def own_words(rng: Random, mood: float) -> dict[str, str]:
    """The field that some fill in, in a mood on 1 to 5; others leave it empty."""
    if rng.random() >= _SHARE:
        return {}
    said = rng.choice(_CONTENT if mood >= 3 else _ANNOYED)
    mail = f"writer-{rng.getrandbits(48):012x}@mail.example"
    phone = f"+4930901{rng.randrange(10**5):05d}"
    return {"text": f"{said} {rng.choice(_REACHED).format(mail=mail, phone=phone)}".strip()}
