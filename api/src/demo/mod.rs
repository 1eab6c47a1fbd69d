//! The demo organization: made through the same commands as everything else, on a simulated log,
//! so that it has a past of several months on the first day.

//!
//! Each step is a command whose id follows from the organization and the step, and the plan follows
//! from the day on which the owner was registered. So a start after a crash finds what was done and
//! goes on behind it; the demo counts as made once its last command is in the log.

mod plan;
mod stage;
mod words;

use crate::password;
use crate::state::App;
use chrono::{DateTime, TimeDelta, Utc};
use commands::identity::{IdentityError, NewMember, SignUp};
use commands::{CommandError, Commands, Origin, SettableClock};
use domain::ids::OrganizationId;
use domain::role::Builtin;
use domain::user::User;
use plan::SELLERS;
use stage::Stage;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::{LogError, LogId, Position};
use uuid::Uuid;

/// The owner's address for logging in.
pub const EMAIL: &str = "demo@hindsight.example";
const ORGANIZATION: &str = "Fjordlight Consulting";
const OWNER: &str = "Ingrid Solberg";
/// The other members: name, address and role.
const MEMBERS: [(&str, &str, Builtin); SELLERS] = [
    ("Tomás Ferreira", "tomas@hindsight.example", Builtin::Manager),
    ("Amina Diallo", "amina@hindsight.example", Builtin::Sales),
    ("Jasper Lund", "jasper@hindsight.example", Builtin::Sales),
    ("Helena Novak", "helena@hindsight.example", Builtin::Sales),
    ("Owen Pritchard", "owen@hindsight.example", Builtin::Sales),
];
/// The same past for everybody.
const SEED: u64 = 20_260_501;
/// The first command after the founding, and the last of all.
const FIRST: &str = "tag 0";
const LAST: &str = "team's members";

/// Why the demo could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// An account or a member could not be made.
    #[error("identity")]
    Identity(#[from] IdentityError),
    /// A command failed.
    #[error("command")]
    Command(#[from] CommandError),
    /// The log could not be read.
    #[error("log")]
    Log(#[from] LogError),
    /// A step that is in the log does not have the events that it makes.
    #[error("step {0} of the demo is not what it was")]
    Changed(usize),
    /// The plan asked for values that the catalogue refuses.
    #[error("the plan does not fit the catalogue: {0:?}")]
    Plan(Vec<domain::error::FieldError>),
}

/// What became of it.
#[derive(Debug)]
pub enum Demo {
    /// It was there before; nobody knows its password any more but who wrote it down.
    There,
    /// It was made.
    Made {
        /// The owner's password, shown once and stored nowhere readable.
        password: String,
        /// A read model at this position shows all of it.
        position: Position,
        /// The organization.
        organization: OrganizationId,
    },
}

/// The id of a command of the demo.
fn command_id(organization: OrganizationId, name: &str) -> Uuid {
    Uuid::new_v5(&organization.0, format!("demo: {name}").as_bytes())
}

/// Makes the demo organization, if it is not there yet; finishes it, if its making was interrupted.
pub async fn make(app: &App) -> Result<Demo, DemoError> {
    let identity = &app.identity;
    let password = password::generate(app.commands.ids());
    let (owner, clock, begun) = match identity.find_user(EMAIL).await? {
        None => {
            let owner = SignUp {
                organization: ORGANIZATION.to_owned(),
                full_name: OWNER.to_owned(),
                email: EMAIL.to_owned(),
                password: password.clone(),
            };
            let clock = clock(plan::founded(app.now()));
            let owner = identity.sign_up_simulated(&Origin::CLI, owner, clock.clone()).await?;
            (owner, clock, false)
        }
        Some(user) => {
            let known = app.commands.load::<User>(LogId::PLATFORM, user.0).await?;
            let clock = clock(plan::founded(known.created.time));
            let Some(owner) =
                identity.finish_simulated_founding(&Origin::CLI, user, clock.clone()).await?
            else {
                // Somebody else's organization, who happens to have the address.
                return Ok(Demo::There);
            };
            if !is_half_made(&app.commands, owner.organization).await? {
                return Ok(Demo::There);
            }
            (owner, clock, true)
        }
    };
    let registered = app.commands.load::<User>(LogId::PLATFORM, owner.user.0).await?.created.time;
    let organization = owner.organization;
    let commands = app.commands.with_clock(clock.clone());
    let mut stage = Stage::new(commands.clone(), clock.clone(), owner);
    stage.make_tags().await?;
    for (name, email, role) in MEMBERS {
        clock.advance(TimeDelta::minutes(2));
        let member = NewMember {
            email: email.to_owned(),
            full_name: name.to_owned(),
            password: password::generate(commands.ids()),
            roles: BTreeSet::from([role.id(organization)]),
        };
        stage.enter(identity.add_member(&commands, &Origin::CLI, organization, member).await?);
    }
    stage.perform_all(plan::plan(SEED, registered)).await?;
    if begun {
        // Whoever began it had no chance to tell the first one.
        identity.reset_password(&Origin::CLI, EMAIL, &password).await?;
    }
    let position = stage.make_team().await?;
    Ok(Demo::Made { password, position, organization })
}

fn clock(founded: DateTime<Utc>) -> Arc<SettableClock> {
    Arc::new(SettableClock::new(founded))
}

/// Whether the making of this organization was begun by commands with ids, and not ended.
async fn is_half_made(
    commands: &Commands,
    organization: OrganizationId,
) -> Result<bool, DemoError> {
    let log = organization.into();
    let find = |name| commands.log().find_command(log, command_id(organization, name));
    if find(LAST).await?.is_some() {
        return Ok(false);
    }
    if find(FIRST).await?.is_some() {
        return Ok(true);
    }
    // One of an older build, whose commands had no ids, cannot be gone on with; one that was only
    // founded can.
    let founding = Uuid::new_v5(&organization.0, b"found");
    let founded = commands.log().find_command(log, founding).await?;
    let head = commands.log().head(log).await?;
    Ok(founded.is_some_and(|founded| founded.last == head.position))
}
