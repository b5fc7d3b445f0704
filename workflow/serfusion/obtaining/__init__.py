"""Downloads against published checksums: corpora and pretrained weights."""
