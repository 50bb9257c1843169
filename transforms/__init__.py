"""From a raw file to accepted cases: readers, mapping, values, validation, quality, pooling. Pure."""
