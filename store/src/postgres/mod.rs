//! The adapter on Postgres.
