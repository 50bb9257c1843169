"""From pool to extract: recoding, suppression, and the disclosure check that judges the result. Pure."""
