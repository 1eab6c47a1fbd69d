//! Pick-lists and tags.

use crate::support::{World, code};
use domain::catalogue::ListName;
use domain::ids::ChoiceId;
use domain::picklist;

#[tokio::test]
async fn a_tag_is_made_by_typing_it_once() {
    let world = World::new().await;
    let lists = world.picklists();
    let (id, done) =
        lists.add(&world.by(&world.ana), ListName::Tag, " vip  client ").await.unwrap();
    assert_eq!(done.folded.state.choices[&id].label, "Vip Client");
    let (again, same) =
        lists.add(&world.by(&world.ben), ListName::Tag, "VIP CLIENT").await.unwrap();
    assert_eq!((again, same.folded.version), (id, done.folded.version));
    lists.archive(&world.by(&world.owner), ListName::Tag, id, None).await.unwrap();
    let (again, offered) =
        lists.add(&world.by(&world.ben), ListName::Tag, "vip client").await.unwrap();
    assert_eq!(again, id);
    assert!(!offered.folded.state.choices[&id].archived);
}

#[tokio::test]
async fn the_same_tag_typed_by_many_at_once_is_one() {
    let world = World::new().await;
    let lists = world.picklists();
    let typed = (0..4).map(|_| {
        let (lists, request) = (lists.clone(), world.by(&world.ana));
        async move { lists.add(&request, ListName::Tag, "fair").await.unwrap().0 }
    });
    let ids = futures::future::join_all(typed).await;
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
}

#[tokio::test]
async fn only_admins_change_lists() {
    let world = World::new().await;
    let lists = world.picklists();
    let lead = ChoiceId(picklist::LEAD);
    let request = world.by(&world.ana);
    assert_eq!(code(lists.add(&request, ListName::Service, "Audit").await), "forbidden");
    assert_eq!(
        code(lists.rename(&request, ListName::Status, lead, None, "New").await),
        "forbidden"
    );
    assert_eq!(code(lists.archive(&request, ListName::Status, lead, None).await), "forbidden");
    assert_eq!(code(lists.unarchive(&request, ListName::Status, lead, None).await), "forbidden");
    let request = world.by(&world.owner);
    lists.rename(&request.derive("1"), ListName::Status, lead, None, "New lead").await.unwrap();
    let done = lists.archive(&request.derive("2"), ListName::Status, lead, None).await.unwrap();
    assert!(done.folded.state.choices[&lead].archived);
    assert_eq!(done.folded.state.choices[&lead].label, "New lead");
    let done = lists.unarchive(&request.derive("3"), ListName::Status, lead, None).await.unwrap();
    assert!(!done.folded.state.choices[&lead].archived);
    assert_eq!(code(lists.add(&request, ListName::Service, "support").await), "duplicate_value");
    assert_eq!(code(lists.add(&request, ListName::Service, " \u{202e} ").await), "invalid_label");
    assert_eq!(code(lists.archive(&request, ListName::Service, lead, None).await), "not_found");
}
