"""Decoders of the records that projections keep whole."""

import msgspec

from segue.core.records.effects import Approval, Attempt, Effect, Reservation, Timer
from segue.core.records.memory import Arm, Exposure, Goal, Outcome

APPROVAL = msgspec.json.Decoder(Approval)
ARM = msgspec.json.Decoder(Arm)
ATTEMPT = msgspec.json.Decoder(Attempt)
EFFECT = msgspec.json.Decoder(Effect)
EXPOSURE = msgspec.json.Decoder(Exposure)
GOAL = msgspec.json.Decoder(Goal)
OUTCOME = msgspec.json.Decoder(Outcome)
RESERVATION = msgspec.json.Decoder(Reservation)
TIMER = msgspec.json.Decoder(Timer)
