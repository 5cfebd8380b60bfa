//! Draws precincts: a graph in, a balanced contiguous partition out.
