"""Which worlds are rendered: families of scenarios that make every predicate true and false."""
