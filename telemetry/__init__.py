"""What Palermo tells other machines about itself: ids, codes, counts and hashes, never a row or a value."""
