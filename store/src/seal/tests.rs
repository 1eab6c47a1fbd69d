use super::{HashedMeta, KeyRing, LeafHeader, Place, leaf, open, seal, subjects};
use crate::port::{LogError, LogId, StreamId};
use crate::testing::root_secret;
use chrono::DateTime;
use domain::codec::PlainSegment;
use domain::ids::SubjectId;
use proptest::prelude::*;
use uuid::Uuid;

fn place() -> Place {
    Place { log: LogId(Uuid::from_u128(1)), stream: StreamId(Uuid::from_u128(2)), version: 3 }
}

fn subject() -> SubjectId {
    SubjectId(Uuid::from_u128(9))
}

fn segment(bytes: &[u8]) -> PlainSegment {
    PlainSegment { subject: subject(), group: "record", bytes: bytes.to_vec() }
}

proptest! {
    #[test]
    fn what_was_sealed_opens_again(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let ring = KeyRing::new(&root_secret(), 10).unwrap();
        let (_, key) = ring.make(place().log, subject());
        let sealed = seal(place(), &[segment(&bytes), segment(b"{}")], |_| Some(key)).unwrap();
        let mut found = Vec::new();
        subjects(&sealed, &mut found).unwrap();
        prop_assert_eq!(found, vec![subject(), subject()]);
        let opened = open(place(), &sealed, |_| Some(key)).unwrap();
        prop_assert_eq!(opened[0].bytes.as_deref(), Some(bytes.as_slice()));
    }

    #[test]
    fn damaged_bytes_are_noticed_and_never_panic(at in 0usize..80, flip in 1u8..) {
        let ring = KeyRing::new(&root_secret(), 10).unwrap();
        let (_, key) = ring.make(place().log, subject());
        let mut sealed = seal(place(), &[segment(b"{\"email\":\"ana@example.org\"}")], |_| Some(key)).unwrap();
        let at = at % sealed.len();
        sealed[at] ^= flip;
        // A flipped subject is another subject; everything else must fail to open.
        let result = open(place(), &sealed, |s| (s == subject()).then_some(key));
        let noticed = result.is_err() || result.unwrap().iter().all(|o| o.bytes.is_none());
        prop_assert!(noticed);
    }
}

#[test]
fn a_segment_opens_only_where_it_was_sealed() {
    let ring = KeyRing::new(&root_secret(), 10).unwrap();
    let (_, key) = ring.make(place().log, subject());
    let sealed = seal(place(), &[segment(b"{}")], |_| Some(key)).unwrap();
    let elsewhere = Place { version: 4, ..place() };
    assert!(matches!(open(elsewhere, &sealed, |_| Some(key)), Err(LogError::Damaged(_))));
}

#[test]
fn without_its_key_a_segment_is_erased_not_an_error() {
    let ring = KeyRing::new(&root_secret(), 10).unwrap();
    let (_, key) = ring.make(place().log, subject());
    let sealed = seal(place(), &[segment(b"{}")], |_| Some(key)).unwrap();
    assert_eq!(open(place(), &sealed, |_| None).unwrap()[0].bytes, None);
}

#[test]
fn nothing_is_sealed_for_an_erased_subject() {
    let result = seal(place(), &[segment(b"{}")], |_| None);
    assert!(matches!(result, Err(LogError::Erased(s)) if s == subject()));
}

#[test]
fn the_leaf_is_as_it_was_released() {
    let header = LeafHeader {
        log: place().log,
        stream: place().stream,
        version: 3,
        recorded_at: DateTime::from_timestamp_micros(1_700_000_000_123_456).unwrap(),
        schema_version: 1,
        event_type: "contact.created",
    };
    let meta = |n: u8| HashedMeta::new(format!("{{\"meta\":{n}}}").into());
    let hash = leaf(&header, &meta(1), b"{}", b"");
    // Computed by another program, from the description in leaf.rs.
    assert_eq!(hash, LEAF);
    assert_ne!(hash, leaf(&header, &meta(2), b"{}", b""));
    assert_ne!(hash, leaf(&LeafHeader { version: 4, ..header }, &meta(1), b"{}", b""));
}

const LEAF: [u8; 32] = [
    247, 243, 80, 62, 65, 204, 171, 246, 65, 138, 25, 98, 169, 112, 230, 144, 202, 31, 192, 198, 3,
    46, 154, 173, 178, 75, 119, 15, 15, 125, 196, 186,
];
