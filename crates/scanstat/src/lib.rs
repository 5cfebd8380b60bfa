//! Space-time scan statistics.
