"""The one door from restricted to public: states, permissions, versions, manifest, codebook, catalogue."""
