//! A valid call of every operation, in an order in which an owner can make them all.

use super::call::{Call, call};
use super::organization;
use super::side::Ids;
use hindsight_tests::PASSWORD;
use serde_json::{Value, json};

/// The calls with the ids of one organization. `now` is the server's time.
pub fn table(ids: &Ids, now: chrono::DateTime<chrono::Utc>) -> Vec<Call> {
    let mut calls = reads(ids);
    calls.extend(picklists(ids));
    calls.extend(records("contact", ids));
    calls.extend(records("company", ids));
    calls.extend(accounts(ids));
    calls.extend(roles(ids));
    calls.extend(organization::invitations(ids));
    calls.extend(views(ids));
    // What made the contact: it goes into the recycle bin, and comes out of it.
    calls.push(call("undo_action").on(ids.action));
    calls.push(call("restore_contact").on(ids.contact));
    calls.extend(organization::calls(ids));
    calls.extend(account(ids, now));
    calls.extend(public());
    calls.extend(organization::instance(ids));
    calls.extend(endings(ids));
    calls
}

fn reads(ids: &Ids) -> Vec<Call> {
    vec![
        call("get_meta"),
        call("get_me"),
        call("list_api_keys").personal(),
        call("list_audit"),
        call("list_audit").query("record_id", ids.contact.to_string()),
        call("list_audit").query("action_id", ids.action.to_string()),
        call("list_audit").query("actor_id", ids.member.to_string()),
        call("get_past_rights").query("member", ids.member.to_string()),
        call("list_actions").needs("audit:read"),
        call("list_actions").query("mine", "true"),
        call("get_action").on(ids.action),
        call("undo_action").on(ids.action).query("preview", "true"),
        call("list_jobs"),
        call("get_job").on(ids.job),
        call("watch_job").on(ids.job),
        call("cancel_job").on(ids.job).refused(409, "job_state"),
        call("watch"),
        call("list_members"),
        call("get_member_roles").on(ids.member),
        call("list_picklists"),
        call("get_picklist"),
        call("list_tags"),
        call("list_roles"),
        call("list_permissions"),
        call("get_role").on(ids.role),
        call("list_teams"),
        call("get_team").on(ids.team),
        call("list_sessions").personal(),
        call("get_second_factor").personal(),
    ]
}

fn picklists(ids: &Ids) -> Vec<Call> {
    let label = |text: &str| json!({"label": text});
    let value = |operation| call(operation).on(ids.service).needs("picklists:update");
    vec![
        call("add_picklist_value").body(label("Audit")).answers(201).needs("picklists:update"),
        value("rename_picklist_value").body(label("Advice")),
        value("archive_picklist_value"),
        value("unarchive_picklist_value"),
        call("add_tag").body(label("urgent")).answers(201),
        call("rename_tag").on(ids.tag).body(label("important")),
        call("archive_tag").on(ids.tag),
        call("unarchive_tag").on(ids.tag),
    ]
}

fn records(record: &str, ids: &Ids) -> Vec<Call> {
    let contact = record == "contact";
    let name = |contacts, companies| if contact { contacts } else { companies };
    let id = if contact { ids.contact } else { ids.company };
    let on = |contacts, companies| call(name(contacts, companies)).on(id);
    let mut references = json!({"industry": ids.industry, "tags": [ids.tag]});
    if contact {
        let more = json!({
            "company": ids.company, "status": ids.status, "services": [ids.service],
            "traffic_source": ids.traffic_source,
        });
        references.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    } else {
        references["parent"] = json!(ids.company);
    }
    let cursor = if contact { &ids.contacts_cursor } else { &ids.companies_cursor };
    let assigned = json!({"assigned_to": ids.member});
    let (list, search) =
        (name("list_contacts", "list_companies"), name("search_contacts", "search_companies"));
    let mut calls = vec![
        call(list),
        call(list).query("cursor", cursor),
        call(list).query("as_of", "2020-01-01T00:00:00Z"),
        call(name("count_contacts", "count_companies")),
        on("get_contact", "get_company"),
        on("get_contact_history", "get_company_history"),
        on("get_contact_provenance", "get_company_provenance"),
        call(search).body(json!({"cursor": cursor})),
        call(search).body(json!({"filter": is("created_by", "eq", &json!(ids.member))})),
        call(search).body(json!({"filter": is("assigned_to", "eq", &json!(ids.member))})),
    ];
    for (field, value) in references.as_object().unwrap() {
        let op = if value.is_array() { "in" } else { "eq" };
        calls.push(call(search).body(json!({"filter": is(field, op, value)})));
    }
    if !contact {
        references.as_object_mut().unwrap().remove("parent");
    }
    let title = if contact { json!({"full_name": "Eve"}) } else { json!({"name": "Eve AG"}) };
    let join = |a: &Value, b: &Value| {
        let mut joined = a.clone();
        joined.as_object_mut().unwrap().extend(b.as_object().unwrap().clone());
        joined
    };
    let create = name("create_contact", "create_company");
    let assign = name("contacts:assign", "companies:assign");
    let parent = json!({"parent": ids.company});
    let created = if contact { references.clone() } else { join(&references, &parent) };
    calls.extend([
        call(create).body(join(&title, &created)).answers(201),
        call(create).body(join(&title, &assigned)).answers(201).needs(assign),
        on("change_contact", "change_company").body(references),
        on("change_contact", "change_company").body(assigned).needs(assign),
    ]);
    calls.extend(bulk(record, ids));
    calls.extend([
        on("revert_contact", "revert_company").body(json!({"to_version": 1})),
        on("delete_contact", "delete_company"),
        on("restore_contact", "restore_company"),
    ]);
    if !contact {
        calls.push(call("create_company").body(join(&title, &parent)).answers(201));
        let itself = on("change_contact", "change_company").body(parent);
        calls.push(itself.refused(422, "invalid"));
    }
    calls
}

/// One act on many; who may not do it to any is told so.
fn bulk(record: &str, ids: &Ids) -> Vec<Call> {
    let contact = record == "contact";
    let name = |contacts, companies| if contact { contacts } else { companies };
    let id = if contact { ids.contact } else { ids.company };
    let call = || call(name("bulk_contacts", "bulk_companies"));
    let (update, delete) =
        (name("contacts:update", "companies:update"), name("contacts:delete", "companies:delete"));
    let named = json!({"ids": [id]});
    let found = json!({"filter": is("assigned_to", "eq", &json!(ids.member))});
    let everything = json!({"select": {"filter": null}, "do": {"delete": true}});
    let tags = json!({"tags": [ids.tag]});
    let assign = json!({"assign_to": ids.member});
    vec![
        call().query("preview", "true").body(everything).needs(delete),
        call().body(json!({"select": named, "do": {"add": tags}})).answers(202).needs(update),
        call()
            .body(json!({"select": found, "do": {"set": {"industry": ids.industry}}}))
            .answers(202)
            .needs(update),
        call()
            .body(json!({"select": named, "do": {"set": {"tags": [ids.tag]}}}))
            .answers(202)
            .needs(update),
        call()
            .body(json!({"select": named, "do": assign}))
            .answers(202)
            .needs(name("contacts:assign", "companies:assign")),
    ]
}

/// The accounts of contacts, and what clients do by themselves.
fn accounts(ids: &Ids) -> Vec<Call> {
    let on = |operation| call(operation).on(ids.contact);
    vec![
        on("offer_client_account").body(json!({})).personal(),
        on("reset_client_password").body(json!({})).refused(422, "no_account").personal(),
        on("remove_client_account").answers(204).personal(),
        call("get_own_details"),
        call("change_own_details").body(json!({"city": "Rome"})),
    ]
}

fn is(field: &str, op: &str, value: &Value) -> Value {
    json!({"field": field, "op": op, "value": value})
}

fn roles(ids: &Ids) -> Vec<Call> {
    let role = |operation| call(operation).on(ids.role);
    let team = |operation| call(operation).on(ids.team);
    vec![
        call("create_role")
            .body(json!({"name": "Helper", "permissions": {}}))
            .answers(201)
            .personal(),
        role("rename_role").body(json!({"name": "Assistant"})),
        role("set_role_permissions").body(json!({"permissions": {"teams:read": "all"}})).personal(),
        role("set_role_fields").body(json!({"fields": {}})).personal(),
        call("set_member_roles").on(ids.member).body(json!({"roles": [ids.role]})).personal(),
        role("delete_role").personal(),
        role("restore_role").personal(),
        call("create_team").body(json!({"name": "North"})).answers(201),
        team("rename_team").body(json!({"name": "South"})),
        team("set_team_members").body(json!({"members": [ids.member]})),
        team("delete_team"),
        team("restore_team"),
    ]
}

fn views(ids: &Ids) -> Vec<Call> {
    let others = |operation| call(operation).on(ids.view).needs("views:update");
    let new = json!({"record_type": "contacts", "name": "In Bern"});
    let shared = json!({"record_type": "contacts", "name": "For all", "visibility": "shared"});
    vec![
        call("search").query("q", "obscured"),
        call("search").query("q", "obscured").query("as_of", "2020-01-01T00:00:00Z"),
        call("search_everything").body(json!({"q": "obscured"})),
        call("list_views"),
        call("get_view").on(ids.view),
        call("get_view_history").on(ids.view),
        call("choose_default_view").on(ids.view),
        call("forget_default_view").on(ids.view),
        call("create_view").body(new).answers(201).needs("contacts:read"),
        call("create_view").body(shared).answers(201).needs("views:share"),
        others("change_view").body(json!({"name": "In Basel"})),
        others("delete_view"),
        others("restore_view"),
    ]
}

fn account(ids: &Ids, now: chrono::DateTime<chrono::Utc>) -> Vec<Call> {
    let key = json!({
        "name": "Website", "scopes": ["contacts:read"],
        "expires_at": now + chrono::TimeDelta::days(9),
    });
    let calls = vec![
        call("create_api_key").body(key).answers(201),
        call("revoke_api_key").on(ids.key).answers(204).needs("api_keys:revoke"),
        call("change_email").body(json!({"email": "new@example.com"})).answers(202),
        call("change_username").body(json!({"username": null})),
        call("reauthenticate").body(json!({"password": PASSWORD})).answers(204),
        call("enrol_second_factor"),
        call("confirm_second_factor").body(json!({"code": "000000"})).refused(401, "wrong_code"),
        call("renew_recovery_codes").refused(422, "totp_disabled"),
        call("disable_second_factor").answers(204),
        dead_link("join_by_invitation", json!({})),
        dead_link("join_by_registration", json!({})),
        dead_link("join_by_client_account", json!({})),
    ];
    calls.into_iter().map(Call::personal).collect()
}

/// A call with a link that leads nowhere; each with a link of its own, as the attempts at one are
/// counted together.
fn dead_link(operation: &'static str, mut body: Value) -> Call {
    body["token"] = json!(operation);
    call(operation).body(body).refused(422, "link_invalid")
}

fn public() -> Vec<Call> {
    let password = || json!({"password": PASSWORD});
    let log_in = json!({"email": "nobody@example.com", "password": PASSWORD});
    let registration =
        json!({"full_name": "Nina New", "email": "nina@example.org", "password": PASSWORD});
    let sign_up = json!({
        "organization": "New", "full_name": "Nina New", "email": "nina@example.com",
        "password": PASSWORD,
    });
    vec![
        call("sign_up").body(sign_up).answers(202),
        dead_link("verify_email", password()),
        call("register_client").body(registration).refused(404, "not_found"),
        dead_link("confirm_registration", password()),
        dead_link("open_client_account", password()),
        dead_link("look_at_client_account", json!({})),
        call("log_in").body(log_in).refused(401, "wrong_credentials"),
        call("refresh").body(json!({"refresh_token": "none"})).refused(401, "no_session"),
        call("forgot_password").body(json!({"email": "nobody@example.com"})).answers(202),
        dead_link("reset_password", password()),
        dead_link("set_password", password()),
        dead_link("look_up_invitation", json!({})),
        dead_link("accept_invitation", password()),
        call("enter_second_factor")
            .body(json!({"challenge": "none", "code": "000000"}))
            .refused(422, "link_invalid"),
    ]
}

/// Calls after which the caller has to log in again.
fn endings(ids: &Ids) -> Vec<Call> {
    let passwords = json!({"current_password": PASSWORD, "password": PASSWORD});
    vec![
        call("end_session").on(ids.session).answers(204).ends_session(),
        call("change_password").body(passwords).answers(204).ends_session(),
        call("switch_profile").body(json!({"organization": ids.organization})).ends_session(),
        call("switch_profile").body(json!({"member": ids.owner})).ends_session(),
        call("log_out").answers(204).ends_session(),
        call("log_out_everywhere").ends_session(),
    ]
}
