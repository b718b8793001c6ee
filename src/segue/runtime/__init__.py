"""The embedded runtime: inbox, steps, timers and dispatch around the pure step."""
