"""Layers that several networks share. Padding has no effect on their outputs for a clip."""
