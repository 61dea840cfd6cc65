"""The fuzzer's properties, on what was found before and on a handful of new inputs; `make fuzz` takes its time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .__main__ import seeds
from .properties import FOUND, INPUT_BYTES_MAX, TARGETS

KEPT = [(target, path) for target in TARGETS for path in sorted((FOUND / target.partition("-")[0]).glob("*"))]


@pytest.mark.parametrize(("target", "path"), KEPT, ids=[f"{target}-{path.name}" for target, path in KEPT])
def test_what_broke_a_property_once_does_not_again(target, path):
    """Each input that a fuzzer found holds every property since."""
    TARGETS[target](path.read_bytes())


@pytest.mark.parametrize("target", TARGETS)
def test_what_inputs_grow_from_holds_every_property(target):
    """The example's pages, and whatever else the fuzzers start from."""
    for seed in seeds(target):
        TARGETS[target](seed)


@pytest.mark.parametrize("target", TARGETS)
def test_mutations_hold_every_property(target):
    """Two seeds cut and joined, with something in between that no seed has."""
    known = [seed for seed in seeds(target) if len(seed) < INPUT_BYTES_MAX]

    @settings(max_examples=40, deadline=None, derandomize=True)  # new inputs are for `make fuzz`
    @given(st.data())
    def hold(data: st.DataObject) -> None:
        first, second = data.draw(st.sampled_from(known)), data.draw(st.sampled_from(known))
        head, tail = data.draw(st.integers(0, len(first))), data.draw(st.integers(0, len(second)))
        TARGETS[target]((first[:head] + data.draw(st.binary(max_size=20)) + second[tail:])[:INPUT_BYTES_MAX])

    hold()
