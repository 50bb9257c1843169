"""Privacy models: each judges equivalence classes by what is known of them."""
