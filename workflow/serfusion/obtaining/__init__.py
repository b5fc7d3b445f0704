"""Downloading corpora and pretrained weights, verified against published checksums."""
