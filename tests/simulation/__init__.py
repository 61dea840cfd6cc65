"""Several publishers at once over a simulated world: a seeded scheduler decides who goes next, and what fails."""
