//! Use cases: authorise, decide, append, enqueue, in one transaction.
