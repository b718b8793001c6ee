"""What perceiving costs: loading, fitting, one message, memory; CPU time of a process of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

_CHILD = """
import json, resource, sys, time
started = time.process_time()
from segue.encoder import CachedEncoder, OnnxEncoder
from segue.perception.intents import IntentModel
encoder = OnnxEncoder()
encoder.encode("hello")
loaded = time.process_time() - started
rows = json.loads(open(sys.argv[1], encoding="utf-8").read())
examples = {}
for text, label in rows["train"]:
    examples.setdefault(label, [])
    if len(examples[label]) < 10:
        examples[label].append(text)
read = CachedEncoder(encoder)
started = time.process_time()
IntentModel(examples, read)
cold = time.process_time() - started
started = time.process_time()
model = IntentModel(examples, read)
warm = time.process_time() - started
texts = [text for text, _ in rows["val"][::3]]
spent = []
for text in texts:
    began = time.process_time()
    model.guesses(encoder.encode(text).vector)
    spent.append(time.process_time() - began)
print(json.dumps({
    "load_cpu_s": round(loaded, 2),
    "fit_150_by_10_cpu_s": round(cold, 2),
    "fit_150_by_10_cached_cpu_s": round(warm, 2),
    "messages_per_cpu_s": round(len(spent) / sum(spent)),
    "message_p50_cpu_ms": round(sorted(spent)[len(spent) // 2] * 1e3, 2),
    "resident_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
}))
"""


def measure(folder: Path) -> dict[str, Any]:
    """CPU seconds and resident memory of a fresh process."""
    asked = [sys.executable, "-c", _CHILD, str(folder / "intents" / "clinc150.json")]
    told = subprocess.run(asked, check=True, capture_output=True, text=True)  # noqa: S603
    found: dict[str, Any] = json.loads(told.stdout)
    return found
