//! The frame of the console: navigation, sign-in, account, keys.

super::words! {}
