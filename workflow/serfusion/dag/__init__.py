"""What the workflow asks of Snakemake, without importing it."""
