//! Sealing of personal data.
