//! Staff at work: lists, cases, forms.

super::words! {}
