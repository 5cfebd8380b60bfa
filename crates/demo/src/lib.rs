//! A demo district to play with: public names and codes, everything else invented, by seed.
