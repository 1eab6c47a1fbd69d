//! What bulk acts, and undos of many things, say of themselves.

use crate::history::Describe;
use domain::bulk::{Act, BulkEvent};
use domain::undo::UndoEvent;

impl Describe for BulkEvent {
    fn summary(&self) -> String {
        match self {
            Self::Started { act, record_type, .. } => {
                let act = match act {
                    Act::Set => "Change",
                    Act::Add => "Addition to lists",
                    Act::Remove => "Removal from lists",
                    Act::Assign => "Assignment",
                    Act::Delete => "Deletion",
                    Act::Restore => "Restoration",
                };
                format!("{act} of several records of type “{record_type}” started")
            }
            Self::RecordsSelected { ids } => format!("{} records selected", ids.len()),
            Self::SelectionFixed { records } => format!("Selection fixed at {records} records"),
            Self::Completed { changed, unchanged, not_permitted, not_found, refused } => {
                let others = not_permitted + not_found + refused;
                format!("{changed} records changed, {unchanged} were so already, {others} not")
            }
        }
    }
}

impl Describe for UndoEvent {
    fn summary(&self) -> String {
        match self {
            Self::Started { .. } => "Undo of an action on many things started".to_owned(),
        }
    }
}
