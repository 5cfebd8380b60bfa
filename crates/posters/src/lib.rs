//! Notices and reports as PDF.
