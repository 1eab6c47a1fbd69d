//! For the machinery around the server.
