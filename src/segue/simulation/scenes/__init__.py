"""The scenes of the story, one file each."""

from segue.simulation.scene import Scene
from segue.simulation.scenes import (
    s01_spam_cannon,
    s03_same_click,
    s04_two_questions,
    s05_not_before_ten,
    s06_whatsapp,
    s07_chat_to_sms,
    s08_linking_code,
    s09_renewal_rescue,
    s10_hand_over,
    s11_masked_log,
    s12_quiet_hours,
    s13_confused,
    s15_ticket,
    s16_welcome_series,
    s17_recalled_call,
    s18_stop_in_between,
    s19_one_touch,
    s20_unforeseen,
    s21_promises,
    s22_silence,
    s23_backfill,
    s24_currencies,
    s25_other_languages,
    s26_second_cancel,
    waiting,
)

_MODULES = (
    s01_spam_cannon,
    s03_same_click,
    s04_two_questions,
    s05_not_before_ten,
    s06_whatsapp,
    s07_chat_to_sms,
    s08_linking_code,
    s09_renewal_rescue,
    s10_hand_over,
    s11_masked_log,
    s12_quiet_hours,
    s13_confused,
    s15_ticket,
    s16_welcome_series,
    s17_recalled_call,
    s18_stop_in_between,
    s19_one_touch,
    s20_unforeseen,
    s21_promises,
    s22_silence,
    s23_backfill,
    s24_currencies,
    s25_other_languages,
    s26_second_cancel,
)


def all_scenes() -> tuple[Scene, ...]:
    """Every scene, by number."""
    built = (module.scene() for module in _MODULES)
    return tuple(sorted((*built, *waiting.scenes()), key=lambda scene: scene.number))
