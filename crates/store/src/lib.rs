//! One `Store` over SQLite and PostgreSQL.
