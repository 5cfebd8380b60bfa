//! Field encryption and blind indexes: the only code that sees keys.
