//! The nouns and rules of neighbourhood governance: pure, synchronous, without I/O.
