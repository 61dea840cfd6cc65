"""The commands of `tilepress`, one function each: wiring and words, nothing else."""
