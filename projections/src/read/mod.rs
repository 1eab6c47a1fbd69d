//! Reading: whose eyes ([`Scope`]), and one consistent snapshot ([`ReadTx`]).

pub(crate) mod scope;
mod tx;

pub use scope::{AsOf, Scope, World};
pub use tx::ReadTx;
