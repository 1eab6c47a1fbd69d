//! Exactly once, in order, on the present state.

use crate::support::{World, contact_patch, named};
use commands::records::Records;
use commands::{CommandError, IdempotencyKey, Target};
use domain::contact::{Contact, ContactType};
use domain::ids::ActionId;
use domain::record::RecordCommand;
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_on_one_record_at_once_are_all_carried_out_one_after_the_other() {
    let world = World::new().await;
    let id = world.contact(named("Ana Silva")).await;
    let (records, other) = (world.records(), Records::new(world.other_process()));
    let request = world.by(&world.owner);
    let patches =
        [json!({"city": "Porto"}), json!({"country": "Portugal"}), json!({"title": "CEO"})];
    let changes = patches.iter().enumerate().map(|(i, patch)| {
        let records = if i % 2 == 0 { &records } else { &other };
        let request = request.derive(&i.to_string());
        async move {
            records.change::<ContactType>(&request, id, None, contact_patch(patch), None).await
        }
    });
    for done in futures::future::join_all(changes).await {
        done.unwrap();
    }
    let folded = world.fold(id).await;
    assert_eq!(folded.version, 4);
    assert_eq!(folded.state.fields.city.as_deref(), Some("Porto"));
    assert_eq!(folded.state.fields.country.as_deref(), Some("Portugal"));
    assert_eq!(folded.state.fields.title.as_deref(), Some("CEO"));
}

#[tokio::test]
async fn a_process_that_lags_behind_decides_again_on_the_present_state() {
    let world = World::new().await;
    let id = world.contact(named("Ana Silva")).await;
    let other = Records::new(world.other_process());
    other
        .change::<ContactType>(
            &world.by(&world.owner),
            id,
            None,
            contact_patch(&json!({"city": "Porto"})),
            None,
        )
        .await
        .unwrap();
    // This process still has version 1 in its cache, on which Lisbon is a change from nothing.
    let done = world
        .records()
        .change::<ContactType>(
            &world.by(&world.owner),
            id,
            None,
            contact_patch(&json!({"city": "Lisboa"})),
            None,
        )
        .await
        .unwrap();
    assert_eq!(done.folded.version, 3);
    let newest = &world
        .records()
        .history::<ContactType>(&commands::Caller::System, world.log(), id, None, 1)
        .await
        .unwrap()[0];
    assert_eq!(newest.changes[0].from.as_ref().unwrap().as_text(), Some("Porto"));
    other.delete::<ContactType>(&world.by(&world.owner), id, None).await.unwrap();
    let done =
        world.records().delete::<ContactType>(&world.by(&world.owner), id, None).await.unwrap();
    assert_eq!((done.folded.version, done.duplicate), (4, false));
}

#[tokio::test]
async fn no_refusal_is_based_on_what_was_cached() {
    let world = World::new().await;
    let (records, other) = (world.records(), Records::new(world.other_process()));
    let fields = json!({"full_name": "Eva", "assigned_to": world.ben.member});
    let id = world.contact(fields).await;
    let owner = || world.by(&world.owner);
    records.delete::<ContactType>(&owner(), id, None).await.unwrap();
    other.restore::<ContactType>(&owner(), id, None).await.unwrap();
    // In this process's cache it is deleted still.
    let city = contact_patch(&json!({"city": "Porto"}));
    records.change::<ContactType>(&owner(), id, None, city, None).await.unwrap();
    let for_ana = contact_patch(&json!({"assigned_to": world.ana.member}));
    other.change::<ContactType>(&owner(), id, None, for_ana, None).await.unwrap();
    // There it is Ben's still.
    let city = contact_patch(&json!({"city": "Faro"}));
    let by_ana = world.by(&world.ana);
    records.change::<ContactType>(&by_ana, id, Some(5), city, None).await.unwrap();
}

#[tokio::test]
async fn who_decided_on_an_older_version_is_told_what_changed_since() {
    let world = World::new().await;
    let id = world.contact(named("Ana Silva")).await;
    let records = world.records();
    let change = |patch, version| {
        let (request, records) = (world.by(&world.owner), records.clone());
        async move {
            records.change::<ContactType>(&request, id, version, contact_patch(&patch), None).await
        }
    };
    change(json!({"city": "Porto"}), Some(1)).await.unwrap();
    change(json!({"title": "CEO"}), None).await.unwrap();
    let error = change(json!({"city": "Lisboa"}), Some(1)).await.unwrap_err();
    let CommandError::Stale { expected, current, changes } = error else { panic!("{error:?}") };
    assert_eq!((expected, current), (1, 3));
    let told: Vec<_> = changes.iter().map(|entry| entry.summary.as_str()).collect();
    assert_eq!(told, ["City changed", "Job title changed"]);
    assert_eq!(world.fold(id).await.state.fields.city.as_deref(), Some("Porto"));
}

#[tokio::test]
async fn a_repeated_command_gets_the_answer_of_the_first_time() {
    let world = World::new().await;
    let records = world.records();
    let body = br#"{"full_name":"Ana Silva"}"#;
    let key = |body| IdempotencyKey {
        principal: world.owner.user.0,
        route: "POST /contacts",
        key: "k1",
        body,
    };
    let create = |body| {
        let request = world.commands.keyed(world.by(&world.owner), &key(body));
        let records = records.clone();
        async move { records.create::<ContactType>(&request, contact_patch(&named("Ana Silva"))).await }
    };
    let first = create(body).await.unwrap();
    let id = first.folded.stream.0;
    let request = world.by(&world.owner);
    records
        .change::<ContactType>(&request, id, None, contact_patch(&json!({"city": "Porto"})), None)
        .await
        .unwrap();

    let again = create(body).await.unwrap();
    assert!(again.duplicate && !first.duplicate);
    assert_eq!((again.folded.clone(), again.position), (first.folded.clone(), first.position));
    assert_eq!(again.folded.version, 1);
    let head = world.commands.log().head(world.log()).await.unwrap();
    assert_eq!(head.position, world.fold(id).await.position, "nothing was appended");

    let other_body = create(br#"{"full_name":"Ana Souza"}"#).await;
    assert!(matches!(other_body, Err(CommandError::KeyReused)), "{other_body:?}");
}

#[tokio::test]
async fn a_repeat_is_recognised_even_where_the_command_would_be_refused_now() {
    let world = World::new().await;
    let id = world.contact(named("Ana Silva")).await;
    let records = world.records();
    let key = IdempotencyKey {
        principal: world.owner.user.0,
        route: "PATCH /contacts/1",
        key: "k",
        body: b"{}",
    };
    let request = world.commands.keyed(world.by(&world.owner), &key);
    let change = || {
        records.change::<ContactType>(
            &request,
            id,
            Some(1),
            contact_patch(&json!({"city": "Porto"})),
            None,
        )
    };
    change().await.unwrap();
    // By its If-Match it is stale, by its values it is already so: it is neither, it is a repeat.
    let again = change().await.unwrap();
    assert!(again.duplicate);
    assert_eq!(again.folded.version, 2);
    records.delete::<ContactType>(&world.by(&world.owner), id, None).await.unwrap();
    assert_eq!(change().await.unwrap().folded.version, 2, "a deleted record refuses changes");
}

#[tokio::test]
async fn what_is_already_so_adds_nothing() {
    let world = World::new().await;
    let id = world.contact(json!({"full_name": "Ana Silva", "city": "Porto"})).await;
    let before = world.fold(id).await;
    let patch = contact_patch(&json!({"city": "Porto"}));
    let request = world.by(&world.owner);
    let done =
        world.records().change::<ContactType>(&request, id, Some(1), patch, None).await.unwrap();
    assert_eq!((done.folded, done.position), (before.clone(), before.position));
}

#[tokio::test]
async fn a_fold_says_when_and_by_whom_it_was_made_and_last_changed() {
    let world = World::new().await;
    let id =
        world.contact(json!({"full_name": "Ana Silva", "assigned_to": world.ana.member})).await;
    let made = chrono::DateTime::from_timestamp_micros(
        commands::Clock::now(&*world.clock).timestamp_micros(),
    )
    .unwrap();
    world.clock.advance(chrono::TimeDelta::seconds(5));
    let patch = contact_patch(&json!({"city": "Porto"}));
    let done = world
        .records()
        .change::<ContactType>(&world.by(&world.ana), id, None, patch, None)
        .await
        .unwrap();
    let folded = world.fold(id).await;
    assert_eq!(done.folded, folded, "what is answered is what is stored");
    assert_eq!((folded.created.time, folded.created.member), (made, Some(world.owner.member)));
    assert_eq!((folded.updated.time - made).num_seconds(), 5);
    assert_eq!(folded.updated.member, Some(world.ana.member));
}

#[tokio::test]
async fn undoing_an_action_keeps_what_was_changed_since() {
    let world = World::new().await;
    let id =
        world.contact(json!({"full_name": "Ana Silva", "city": "Porto", "title": "CTO"})).await;
    let records = world.records();
    let edit = world.by(&world.owner);
    records
        .change::<ContactType>(
            &edit,
            id,
            None,
            contact_patch(&json!({"city": "Lisboa", "title": "CEO"})),
            None,
        )
        .await
        .unwrap();
    records
        .change::<ContactType>(
            &world.by(&world.owner),
            id,
            None,
            contact_patch(&json!({"title": "Chair"})),
            None,
        )
        .await
        .unwrap();
    let undone = world
        .commands
        .undo::<Contact>(&world.by(&world.owner), Target::existing(id), |_| Ok(()), edit.action)
        .await
        .unwrap();
    assert_eq!(undone.kept, ["title"]);
    let fields = &undone.done.folded.state.fields;
    assert_eq!((fields.city.as_deref(), fields.title.as_deref()), (Some("Porto"), Some("Chair")));
    let again = world
        .commands
        .undo::<Contact>(&world.by(&world.owner), Target::existing(id), |_| Ok(()), edit.action)
        .await
        .unwrap();
    assert_eq!(again.done.folded.version, undone.done.folded.version, "undone already");
    let none = world
        .commands
        .undo::<Contact>(
            &world.by(&world.owner),
            Target::existing(id),
            |_| Ok(()),
            ActionId(uuid::Uuid::now_v7()),
        )
        .await
        .unwrap();
    assert_eq!(
        none.done.folded.version, undone.done.folded.version,
        "an unknown action did nothing here"
    );
}

#[tokio::test]
async fn a_command_on_several_streams_is_carried_out_wholly_or_not_at_all() {
    let world = World::new().await;
    let known = world.contact(named("Ana Silva")).await;
    let fresh = uuid::Uuid::now_v7();
    let mut request = world.by(&world.owner);
    request.command_id = Some(uuid::Uuid::now_v7());
    let create = |name| RecordCommand::Create(contact_patch(&named(name)));
    let refused = world
        .commands
        .batch(&request)
        .add::<Contact>(Target::new(fresh), vec![create("Ben")])
        .add::<Contact>(Target::existing(known), vec![create("Somebody else")])
        .commit()
        .await;
    assert!(matches!(refused, Err(CommandError::Refused(_))), "{refused:?}");
    assert_eq!(world.fold(fresh).await.version, 0);

    let batch = || {
        world
            .commands
            .batch(&request)
            .add::<Contact>(Target::new(fresh), vec![create("Ben"), RecordCommand::Delete])
            .add::<Contact>(Target::existing(known), vec![RecordCommand::Delete])
            .commit()
    };
    let done = batch().await.unwrap();
    assert_eq!((world.fold(fresh).await.version, world.fold(known).await.version), (2, 2));
    assert_eq!(done.position, world.commands.log().head(world.log()).await.unwrap().position);
    // Again: Ben would be refused now, since he is deleted; but this very command was carried out.
    let again = batch().await.unwrap();
    assert!(again.duplicate);
    assert_eq!(again.position, done.position);
}
