//! [`stored_events!`](crate::stored_events): event enums for aggregates whose fields are not in a
//! catalogue.

/// Declares an event enum with wire names, public members and members sealed under the owner.
/// Sealed members are `Option`s, since erasure empties them.
///
/// ```
/// domain::stored_events! {
///     /// What can have happened to a lamp.
///     pub enum LampEvent {
///         /// It was hung.
///         "lamp.hung" => Hung { room: u32 } sealed { bought_by: String },
///         /// It was lit.
///         "lamp.lit" => Lit {},
///     }
/// }
/// use domain::codec::EventCodec;
/// let lit = LampEvent::decode("lamp.lit", 1, b"{}", &[]).unwrap();
/// assert_eq!(lit, LampEvent::Lit {});
/// ```
#[macro_export]
macro_rules! stored_events {
    (
        $(#[$doc:meta])*
        pub enum $name:ident {
            $(
                $(#[$vdoc:meta])*
                $wire:literal => $variant:ident { $($(#[$fdoc:meta])* $field:ident : $ty:ty),* $(,)? }
                $(sealed { $($(#[$sdoc:meta])* $sealed:ident : $sty:ty),* $(,)? })?
            ),+ $(,)?
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        #[allow(missing_docs, reason = "members are named for what they are")]
        pub enum $name {
            $(
                $(#[$vdoc])*
                $variant {
                    $($(#[$fdoc])* $field: $ty,)*
                    $($($(#[$sdoc])* $sealed: Option<$sty>,)*)?
                },
            )+
        }

        impl $name {
            /// The wire names of all events.
            pub const TYPES: &'static [&'static str] = &[$($wire),+];
        }

        impl $crate::codec::EventCodec for $name {
            fn encode(
                &self,
                owner: $crate::ids::SubjectId,
            ) -> Result<$crate::codec::Encoded, $crate::codec::DecodeError> {
                use $crate::codec::{DecodeError, Encoded};
                match self {
                    $(Self::$variant { $($field,)* $($($sealed,)*)? } => {
                        #[derive(serde::Serialize)]
                        struct Public<'a> { $($field: &'a $ty,)* #[serde(skip)] _a: std::marker::PhantomData<&'a ()> }
                        let payload = serde_json::to_vec(&Public { $($field,)* _a: std::marker::PhantomData })
                            .map_err(DecodeError::malformed($wire))?;
                        #[allow(unused_mut, reason = "not every event seals something")]
                        let mut segments = Vec::new();
                        $({
                            #[derive(serde::Serialize)]
                            struct Sealed<'a> { $($sealed: &'a Option<$sty>,)* }
                            segments.push($crate::codec::PlainSegment {
                                subject: owner,
                                group: $crate::codec::GROUP_RECORD,
                                bytes: serde_json::to_vec(&Sealed { $($sealed,)* })
                                    .map_err(DecodeError::malformed($wire))?,
                            });
                        })?
                        let _ = owner;
                        Ok(Encoded { event_type: $wire, schema_version: 1, payload, segments })
                    })+
                }
            }

            fn decode(
                event_type: &str,
                schema_version: u16,
                payload: &[u8],
                segments: &[$crate::codec::Opened],
            ) -> Result<Self, $crate::codec::DecodeError> {
                use $crate::codec::DecodeError;
                let _ = segments;
                match (event_type, schema_version) {
                    $(($wire, 1) => {
                        #[derive(serde::Deserialize)]
                        struct Public { $($field: $ty,)* }
                        let Public { $($field,)* } = serde_json::from_slice(payload)
                            .map_err(DecodeError::malformed($wire))?;
                        $(
                            let ($($sealed,)*) = {
                                #[derive(serde::Deserialize, Default)]
                                struct Sealed { $($sealed: Option<$sty>,)* }
                                let Sealed { $($sealed,)* } = match $crate::codec::segment(
                                    segments,
                                    $crate::codec::GROUP_RECORD,
                                ) {
                                    Some(bytes) => serde_json::from_slice(bytes)
                                        .map_err(DecodeError::malformed($wire))?,
                                    None => Sealed::default(),
                                };
                                ($($sealed,)*)
                            };
                        )?
                        Ok(Self::$variant { $($field,)* $($($sealed,)*)? })
                    })+
                    _ => Err(DecodeError::unknown(event_type, schema_version)),
                }
            }
        }
    };
}
