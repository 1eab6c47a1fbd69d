//! Everybody who may stand at the door, and whom it opens for.

use super::call::Call;
use super::document::Operation;
use super::side::Side;
use chrono::TimeDelta;
use commands::{Caller as CommandCaller, Origin, Target};
use domain::access::ProfileKind;
use domain::ids::{ContactId, MemberId, OrganizationId, SubjectId, UserId};
use domain::member::{Member, MemberCommand};
use domain::reach::ReachLevel;
use domain::role::Builtin;
use domain::user::{Membership, User, UserCommand};
use hindsight_tests::{Client, PASSWORD, TestApp};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::LogId;
use store::vault::Purpose;
use uuid::Uuid;

/// Who somebody is to the server.
pub enum Standing {
    /// Nobody whom it knows, or not any longer.
    Unknown,
    /// A person or program of the organization.
    Known { permissions: BTreeSet<String>, person: bool, client: bool },
}

/// Somebody who calls.
pub struct Caller {
    pub name: &'static str,
    pub client: Client,
    pub standing: Standing,
}

/// Whoever may not revoke the keys of others, and not see them either, is told of none.
const KEYS: &str = "api_keys:revoke";

/// What a caller is to get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Admitted,
    /// 401
    Unknown,
    /// 403 with this code.
    Refused(&'static str),
    /// Refused, but maybe as a value that does not fit, or a record that does not exist for them.
    Barred,
}

impl Caller {
    fn unknown(name: &'static str, client: Client) -> Self {
        Self { name, client, standing: Standing::Unknown }
    }

    fn person(name: &'static str, client: Client, permissions: BTreeSet<String>) -> Self {
        let standing = Standing::Known { permissions, person: true, client: false };
        Self { name, client, standing }
    }

    /// The verdict that follows from what the operation declares and the roles' documented rights.
    pub fn verdict(&self, operation: &Operation, call: &Call) -> Verdict {
        let declared = &operation.admission;
        let Standing::Known { permissions, person, client } = &self.standing else {
            let public = declared["for"] == "public";
            return if public { Verdict::Admitted } else { Verdict::Unknown };
        };
        let holds = |permission: &Value| permissions.contains(permission.as_str().unwrap());
        let admitted = match declared["for"].as_str() {
            Some("public" | "known") => true,
            Some("member") => !client,
            Some("client") => *client,
            // Nobody here administers the instance as a person.
            Some("administrator") => false,
            Some(other) => panic!("{}: who is {other}?", operation.id),
            None => match (declared["all"].as_array(), declared["any"].as_array()) {
                (Some(all), None) => all.iter().all(holds),
                (None, Some(any)) => any.iter().any(holds),
                _ => panic!("{}: {declared}", operation.id),
            },
        };
        let needed = call.needs.is_none_or(|permission| permissions.contains(permission));
        if !admitted {
            Verdict::Refused("not_permitted")
        } else if call.personal && !person {
            Verdict::Refused("person_required")
        } else if needed {
            Verdict::Admitted
        } else if call.needs.is_some_and(|needed| needed.ends_with(":assign") || needed == KEYS) {
            Verdict::Barred
        } else {
            Verdict::Refused("not_permitted")
        }
    }

    /// The same caller in a new session.
    pub async fn again(&self, app: &TestApp) -> Client {
        app.log_in(&self.client.email, PASSWORD).await
    }
}

/// Somebody who is a client of the organization, though the role given to them is an admin's.
async fn client_of(app: &TestApp, organization: OrganizationId, contact: Uuid) -> Client {
    let person = app.owner("Elsewhere").await;
    let (user, member) = (UserId(person.user), MemberId(Uuid::now_v7()));
    let join = MemberCommand::Join {
        user,
        display_name: "Clara".to_owned(),
        roles: BTreeSet::from([Builtin::Admin.id(organization)]),
        profile: ProfileKind::Client,
        contact: Some(ContactId(contact)),
    };
    let request = app.by_system(organization);
    let target = Target::existing(member.0).owned_by(SubjectId(user.0));
    let batch = app.app.commands.batch(&request);
    batch.add::<Member>(target, vec![join]).commit().await.unwrap();
    let commands = &app.app.commands;
    let request = commands.request(LogId::PLATFORM, CommandCaller::System, Origin::CLI, "join");
    let join = vec![UserCommand::Join(Membership { organization, member })];
    let batch = commands.batch(&request);
    batch.add::<User>(Target::existing(user.0), join).commit().await.unwrap();
    app.pass(TimeDelta::seconds(5));
    let over = json!({"member": member, "native": true});
    let over = person.post("/auth/switch").json(&over).send().await.expect_status(200);
    person.with_token(&over.text("/access_token"))
}

fn rights(role: Builtin) -> BTreeSet<String> {
    role.grants().permissions.keys().map(ToString::to_string).collect()
}

/// All callers of an organization; the owner first. Time goes by meanwhile.
pub async fn callers(app: &TestApp, side: &mut Side) -> Vec<Caller> {
    let organization = OrganizationId(side.owner.organization);
    let owner = side.owner.clone();
    let with_role = async |name: &str, role: Builtin| {
        app.member_as(&owner, name, [role.id(organization)]).await
    };
    let expired = with_role("Xaver", Builtin::Admin).await;
    let deactivated = with_role("Dora", Builtin::Admin).await;
    let ended = with_role("Emil", Builtin::Admin).await;
    let request = app.by_system(organization);
    let batch = app.app.commands.batch(&request);
    let target = Target::existing(deactivated.member);
    batch.add::<Member>(target, vec![MemberCommand::Deactivate]).commit().await.unwrap();
    app.pass(TimeDelta::minutes(11));
    // Neither of these tokens has expired: the first member may not enter, the second left.
    let left = app.log_in(&ended.email, PASSWORD).await;
    left.post("/auth/logout").send().await.expect_status(204);
    app.pass(TimeDelta::seconds(5));

    side.owner = app.log_in(&owner.email, PASSWORD).await;
    let owner = side.owner.clone();
    let offer = json!({
        "email": "ivan@example.com", "profile": "staff", "roles": [Builtin::Admin.id(organization).0],
    });
    owner.post("/invitations").json(&offer).send().await.expect_status(201);
    let invited = app.mailed(Purpose::Invitation).await;
    let admin = with_role("Ada", Builtin::Admin).await;
    let key = async |by: &Client, scope: &str| {
        let ends = app.app.now() + TimeDelta::days(30);
        let body = json!({"name": scope, "scopes": [scope], "expires_at": ends});
        let made = by.post("/api_keys").json(&body).send().await.expect_status(201);
        let program = by.with_token(&made.text("/key"));
        // Its first use of a day is an event.
        program.get("/users/me").send().await.expect_status(200);
        program
    };
    let program = |name, client, scope: &[&str]| {
        let permissions = scope.iter().map(|scope| (*scope).to_owned()).collect();
        Caller {
            name,
            client,
            standing: Standing::Known { permissions, person: false, client: false },
        }
    };
    let reader = key(&owner, "contacts:read").await;
    // The admin who made it may not close the organization, so neither may the key.
    let powerless = key(&admin, "organization:close").await;
    let mut callers = vec![
        Caller::person("owner", owner.clone(), rights(Builtin::Owner)),
        Caller::person("admin", admin, rights(Builtin::Admin)),
    ];
    for (name, role) in [
        ("manager", Builtin::Manager),
        ("sales", Builtin::Sales),
        ("analyst", Builtin::Analyst),
        ("auditor", Builtin::Auditor),
        ("role of clients", Builtin::Client),
    ] {
        callers.push(Caller::person(name, with_role(name, role).await, rights(role)));
    }
    let lead = app.member(&owner, "Tim", ReachLevel::Team).await;
    let client = client_of(app, organization, side.ids.contact).await;
    // Administers the instance, but a program with a key of theirs does not.
    let ivo = with_role("Ivo", Builtin::Admin).await;
    app.make_administrator(&ivo).await;
    let of_administrator = key(&app.log_in(&ivo.email, PASSWORD).await, "contacts:read").await;
    let nobody = app.member_as(&owner, "Nora", []).await;
    callers.extend([
        Caller::person("team lead", lead, rights(Builtin::Manager)),
        Caller::person("without role", nobody, BTreeSet::new()),
        program("key to read contacts", reader, &["contacts:read"]),
        program("key without rights", powerless, &[]),
        program("key of an administrator", of_administrator, &["contacts:read"]),
        Caller {
            name: "client",
            client,
            standing: Standing::Known { permissions: BTreeSet::new(), person: true, client: true },
        },
        Caller::unknown("anonymous", app.stranger()),
        Caller::unknown("garbage token", owner.with_token("garbage")),
        Caller::unknown("forged key", owner.with_token("hs_garbage")),
        Caller::unknown("expired token", expired),
        // Has a link, and has not followed it.
        Caller::unknown("invited-unconfirmed", owner.with_token(&invited)),
        Caller::unknown("deactivated", deactivated),
        Caller::unknown("ended session", left),
    ]);
    callers
}
