//! Calls about an organization, its members, and the instance.

use super::call::{Call, call};
use super::side::Ids;
use serde_json::json;

/// About the organization and its members.
pub fn calls(ids: &Ids) -> Vec<Call> {
    let member = |operation| call(operation).on(ids.member);
    vec![
        call("get_organization"),
        call("get_organization_history"),
        call("change_organization").body(json!({"self_registration": true})),
        call("replace_registration_key").body(json!({})),
        call("revert_organization").body(json!({"to_version": 1})),
        // The name is that of another.
        call("close_organization")
            .body(json!({"name": "Wrong"}))
            .refused(422, "invalid")
            .personal(),
        call("list_organizations").personal(),
        call("found_organization").body(json!({"name": "Branch"})).answers(201).personal(),
        member("get_member"),
        member("change_member").body(json!({"display_name": "Mo"})).needs("members:update"),
        member("deactivate_member"),
        member("reactivate_member"),
        member("reset_member_password").answers(202).personal(),
        // A password that everybody tries first: theirs stays.
        member("set_member_password")
            .body(json!({"password": "password1"}))
            .refused(422, "invalid")
            .personal(),
        member("remove_member").needs("members:delete").personal(),
    ]
}

/// About members to come.
pub fn invitations(ids: &Ids) -> Vec<Call> {
    let offer = |team: serde_json::Value| {
        json!({
            "email": "eve@example.com", "profile": "staff", "roles": [ids.role], "team": team,
        })
    };
    let member = json!({
        "display_name": "Nick", "username": "nick", "profile": "staff", "roles": [ids.role],
        "team": ids.team,
    });
    let invitation = |operation| call(operation).on(ids.invitation);
    vec![
        call("list_invitations"),
        invitation("get_invitation"),
        call("create_invitation").body(offer(json!(ids.team))).answers(201).personal(),
        call("create_invitation").body(offer(json!(null))).answers(201).personal(),
        invitation("resend_invitation"),
        invitation("withdraw_invitation"),
        call("create_member").body(member).answers(201).personal(),
    ]
}

/// About the instance, which an owner does not administer; and what it shows to anybody.
pub fn instance(ids: &Ids) -> Vec<Call> {
    let refused = |call: Call| call.refused(403, "not_permitted");
    vec![
        refused(call("get_instance")),
        refused(call("change_instance").body(json!({"sign_up": "closed"}))),
        refused(call("add_instance_administrator").body(json!({"email": "no@example.com"}))),
        refused(call("remove_instance_administrator").on(ids.user)),
        refused(call("reopen_organization").on(ids.organization)),
        call("get_public_instance"),
        call("get_public_organization").refused(404, "not_found"),
    ]
}
