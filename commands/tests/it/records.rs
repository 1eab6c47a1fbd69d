//! Records: references, reach, reverting, history.

use crate::support::{World, code, contact_patch, field, named};
use commands::{At, Caller, CommandError};
use domain::access::Actor;
use domain::catalogue::ListName;
use domain::company::{CompanyFields, CompanyType};
use domain::contact::ContactType;
use domain::patch::{self, InputRules};
use domain::picklist;
use serde_json::{Value, json};
use uuid::Uuid;

async fn change(
    world: &World,
    actor: &Actor,
    id: Uuid,
    fields: Value,
) -> Result<u32, CommandError> {
    let patch = contact_patch(&fields);
    let done =
        world.records().change::<ContactType>(&world.by(actor), id, None, patch, None).await?;
    Ok(done.folded.version)
}

#[tokio::test]
async fn a_new_contact_is_a_lead_made_once() {
    let world = World::new().await;
    let id = world.contact(named("Ana Silva")).await;
    let folded = world.fold(id).await;
    assert_eq!(folded.state.fields.status.unwrap().0, picklist::LEAD);
    assert_eq!(id.get_version_num(), 7);
}

#[tokio::test]
async fn references_must_exist_and_be_offered() {
    let world = World::new().await;
    let id = world.contact(named("Ana Silva")).await;
    let nobody = Uuid::now_v7();
    for (fields, expected) in [
        (json!({"status": nobody}), "no_such_choice"),
        // A status is not an industry.
        (json!({"industry": picklist::CUSTOMER}), "no_such_choice"),
        (json!({"tags": [nobody]}), "no_such_choice"),
        (json!({"assigned_to": nobody}), "no_such_member"),
        // A contact is not a member.
        (json!({"assigned_to": id}), "no_such_member"),
        (json!({"company": nobody}), "no_such_record"),
        (json!({"company": id}), "linked_to_itself"),
    ] {
        assert_eq!(
            code(change(&world, &world.owner, id, fields.clone()).await),
            expected,
            "{fields}"
        );
    }
    assert_eq!(world.fold(id).await.version, 1);
    let good = json!({"status": picklist::CUSTOMER, "assigned_to": world.ben.member});
    change(&world, &world.owner, id, good).await.unwrap();
}

#[tokio::test]
async fn an_archived_value_stays_where_it_is_but_is_not_given_again() {
    let world = World::new().await;
    let (vip, _) =
        world.picklists().add(&world.by(&world.owner), ListName::Tag, "vip").await.unwrap();
    let (eu, _) =
        world.picklists().add(&world.by(&world.owner), ListName::Tag, "EU fair").await.unwrap();
    let id = world.contact(json!({"full_name": "Ana Silva", "tags": [vip]})).await;
    let other = world.contact(named("Ben Costa")).await;
    world.picklists().archive(&world.by(&world.owner), ListName::Tag, vip, None).await.unwrap();
    change(&world, &world.owner, id, json!({"tags": [vip, eu]})).await.unwrap();
    change(&world, &world.owner, id, json!({"tags": [vip]})).await.unwrap();
    assert_eq!(
        code(change(&world, &world.owner, other, json!({"tags": [vip]})).await),
        "choice_archived"
    );
}

#[tokio::test]
async fn a_company_can_be_linked_by_those_who_see_it() {
    let world = World::new().await;
    let company = |fields: Value| {
        let patch =
            patch::parse::<CompanyFields>(fields.as_object().unwrap(), &InputRules::default())
                .unwrap();
        let (request, records) = (world.by(&world.owner), world.records());
        async move { records.create::<CompanyType>(&request, patch).await.unwrap().folded.stream.0 }
    };
    let acme = company(json!({"name": "Acme", "assigned_to": world.ana.member})).await;
    let hidden = company(json!({"name": "Hidden", "assigned_to": world.ben.member})).await;
    let id = world.contact(json!({"full_name": "Eva", "assigned_to": world.ana.member})).await;
    change(&world, &world.ana, id, json!({"company": acme})).await.unwrap();
    assert_eq!(
        code(change(&world, &world.ana, id, json!({"company": hidden})).await),
        "no_such_record"
    );
    world.records().delete::<CompanyType>(&world.by(&world.owner), acme, None).await.unwrap();
    assert_eq!(
        change(&world, &world.ana, id, json!({"company": acme, "city": "Faro"})).await.unwrap(),
        3,
        "unchanged"
    );
}

#[tokio::test]
async fn what_is_out_of_reach_does_not_exist() {
    let world = World::new().await;
    let of_ana = world.contact(json!({"full_name": "Eva", "assigned_to": world.ana.member})).await;
    let of_nobody = world.contact(named("Ada")).await;
    let records = world.records();
    let log = world.log();
    for (actor, id, seen) in [
        (&world.owner, of_ana, true),
        (&world.owner, of_nobody, true),
        (&world.ana, of_ana, true),
        (&world.ana, of_nobody, false),
        (&world.tea, of_ana, true),
        (&world.tea, of_nobody, false),
        (&world.ben, of_ana, false),
        (&world.ben, of_nobody, false),
    ] {
        let caller = Caller::Member(actor.clone());
        for at in [At::Now, At::Version(1), At::Position(1_000)] {
            assert_eq!(records.get::<ContactType>(&caller, log, id, at).await.is_ok(), seen);
        }
        assert_eq!(records.history::<ContactType>(&caller, log, id, None, 9).await.is_ok(), seen);
        assert_eq!(records.provenance::<ContactType>(&caller, log, id).await.is_ok(), seen);
        if !seen {
            let request = world.by(actor);
            assert_eq!(code(change(&world, actor, id, json!({"city": "Faro"})).await), "not_found");
            assert_eq!(code(records.delete::<ContactType>(&request, id, None).await), "not_found");
            assert_eq!(code(records.restore::<ContactType>(&request, id, None).await), "not_found");
            assert_eq!(
                code(records.revert::<ContactType>(&request, id, None, 1, None).await),
                "not_found"
            );
            // Not even its version is told.
            let patch = contact_patch(&json!({"city": "Faro"}));
            assert_eq!(
                code(records.change::<ContactType>(&request, id, Some(9), patch, None).await),
                "not_found"
            );
        }
    }
    assert_eq!(
        code(records.get::<ContactType>(&Caller::System, log, Uuid::now_v7(), At::Now).await),
        "not_found"
    );
}

#[tokio::test]
async fn present_rights_count_for_the_past_too() {
    let world = World::new().await;
    let id = world.contact(json!({"full_name": "Eva", "assigned_to": world.ana.member})).await;
    change(&world, &world.owner, id, json!({"assigned_to": world.ben.member})).await.unwrap();
    let records = world.records();
    let seen_by = |actor: &Actor| {
        let (caller, records, log) = (Caller::Member(actor.clone()), records.clone(), world.log());
        async move { records.get::<ContactType>(&caller, log, id, At::Version(1)).await.is_ok() }
    };
    assert!(!seen_by(&world.ana).await, "it was hers then, but is not now");
    assert!(seen_by(&world.ben).await);
}

#[tokio::test]
async fn a_limited_reach_makes_records_for_itself_and_assigns_only_within_it() {
    let world = World::new().await;
    let records = world.records();
    let done = records
        .create::<ContactType>(&world.by(&world.ana), contact_patch(&named("Eva")))
        .await
        .unwrap();
    assert_eq!(done.folded.state.assigned_to(), Some(world.ana.member));
    let id = done.folded.stream.0;
    for fields in [json!({"assigned_to": world.ben.member}), json!({"assigned_to": null})] {
        assert_eq!(code(change(&world, &world.ana, id, fields).await), "may_not_assign");
    }
    let for_ben = contact_patch(&json!({"full_name": "Ada", "assigned_to": world.ben.member}));
    let refused = records.create::<ContactType>(&world.by(&world.ana), for_ben.clone()).await;
    assert_eq!(code(refused), "may_not_assign");
    for fields in [json!({"assigned_to": world.ben.member}), json!({"assigned_to": null})] {
        assert_eq!(code(change(&world, &world.tea, id, fields).await), "assignee_out_of_reach");
    }
    records.create::<ContactType>(&world.by(&world.owner), for_ben).await.unwrap();
    change(&world, &world.tea, id, json!({"assigned_to": world.tea.member})).await.unwrap();
    assert_eq!(code(change(&world, &world.ana, id, json!({"city": "Faro"})).await), "not_found");
    let unassigned = records
        .create::<ContactType>(&world.by(&world.owner), contact_patch(&named("Ida")))
        .await
        .unwrap();
    assert_eq!(unassigned.folded.state.assigned_to(), None);
}

#[tokio::test]
async fn reverting_gives_the_chosen_fields_their_earlier_values() {
    let world = World::new().await;
    let id = world.contact(json!({"full_name": "Eva", "city": "Porto", "title": "CTO"})).await;
    change(&world, &world.owner, id, json!({"city": "Lisboa", "title": "CEO"})).await.unwrap();
    change(&world, &world.owner, id, json!({"country": "Portugal"})).await.unwrap();
    let records = world.records();
    let revert = |version, fields: Option<Vec<_>>| {
        let (records, request) = (records.clone(), world.by(&world.owner));
        async move {
            records.revert::<ContactType>(&request, id, None, version, fields.as_deref()).await
        }
    };
    let done = revert(1, Some(vec![field("city"), field("country")])).await.unwrap();
    let fields = &done.folded.state.fields;
    assert_eq!((fields.city.as_deref(), fields.country.as_deref()), (Some("Porto"), None));
    assert_eq!(fields.title.as_deref(), Some("CEO"));
    let done = revert(3, None).await.unwrap();
    assert_eq!(done.folded.state.fields.city.as_deref(), Some("Lisboa"));
    assert_eq!(done.folded.version, 5);
    assert_eq!(code(revert(6, None).await), "no_such_version");
    assert_eq!(code(revert(0, None).await), "not_found");
}

#[tokio::test]
async fn history_tells_who_changed_what_and_why_newest_first() {
    let world = World::new().await;
    let id = world.contact(json!({"full_name": "Eva", "assigned_to": world.ana.member})).await;
    let mut request = world.by(&world.ana);
    request.reason = Some("She called".to_owned());
    let patch = contact_patch(&json!({"status": picklist::CUSTOMER, "city": "Porto"}));
    let records = world.records();
    records
        .change::<ContactType>(&request, id, None, patch, Some("signed".to_owned()))
        .await
        .unwrap();
    records.delete::<ContactType>(&world.by(&world.owner), id, None).await.unwrap();
    let caller = Caller::Member(world.ana.clone());
    let history = records.history::<ContactType>(&caller, world.log(), id, None, 50).await.unwrap();
    let told: Vec<_> =
        history.iter().map(|e| (e.version, e.summary.as_str(), e.note.as_deref())).collect();
    assert_eq!(
        told,
        [
            (4, "Contact deleted", None),
            (3, "Status changed", Some("signed")),
            (2, "City changed", None),
            (1, "Contact created", None),
        ]
    );
    assert_eq!(history[2].reason.as_deref(), Some("She called"));
    assert_eq!(history[2].actor.member, Some(world.ana.member));
    assert_eq!(history[2].action, request.action);
    assert_eq!(history[1].action, request.action);
    let page = records.history::<ContactType>(&caller, world.log(), id, Some(3), 1).await.unwrap();
    assert_eq!(page, history[2..3]);
    let origin = records.provenance::<ContactType>(&caller, world.log(), id).await.unwrap();
    assert_eq!(
        (origin["full_name"].version, origin["city"].version, origin["status"].version),
        (1, 2, 3)
    );
    assert!(!origin.contains_key("title"));
}
