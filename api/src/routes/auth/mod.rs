//! Getting in and out.

mod change_email;
mod forgot;
pub mod grant;
mod invitation;
pub mod log_in;
mod log_out;
mod me;
mod password;
mod reauthenticate;
mod refresh;
mod reset;
mod sessions;
mod set_password;
mod sign_up;
mod switch;
pub mod token;
mod totp;
mod username;
mod verify_email;

pub use me::Organization;

use crate::state::App;
use utoipa_axum::router::OpenApiRouter;

/// Group in the documentation.
const TAG: &str = "auth";

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(sign_up::endpoint().build())
        .routes(verify_email::endpoint().build())
        .routes(log_in::endpoint().build())
        .routes(totp::verify().build())
        .routes(forgot::endpoint().build())
        .routes(reset::endpoint().build())
        .routes(set_password::endpoint().build())
        .routes(invitation::look_up().build())
        .routes(invitation::accept().build())
        .routes(invitation::join().build())
        .routes(reauthenticate::endpoint().build())
        .routes(password::endpoint().build())
        .routes(username::endpoint().build())
        .routes(change_email::endpoint().build())
        .routes(totp::state().build())
        .routes(totp::enrol().build())
        .routes(totp::confirm().build())
        .routes(totp::disable().build())
        .routes(totp::renew().build())
        .routes(refresh::endpoint().build())
        .routes(log_out::endpoint().build())
        .routes(log_out::everywhere().build())
        .routes(switch::endpoint().build())
        .routes(me::endpoint().build())
        .routes(sessions::list().build())
        .routes(sessions::end().build())
}
