//! The read models of the product.

use crate::actions::Actions;
use crate::audit::Audit;
use crate::invitations::Invitation;
use crate::members::Member;
use crate::picklists::Choice;
use crate::records::RecordTable;
use crate::runtime::{FoldedTable, ReadModel};
use crate::views::ViewRow;
use std::sync::Arc;

macro_rules! record_tables {
    ($($record:ty),+ $(,)?) => {
        vec![$(Arc::new(RecordTable::<$record>::new())),+]
    };
}

/// All read models, in the order in which they stand in a path.
pub(crate) fn read_models() -> Vec<Arc<dyn ReadModel>> {
    let mut models: Vec<Arc<dyn ReadModel>> = domain::for_each_record_type!(record_tables);
    models.push(Arc::new(FoldedTable::<Choice>::new()));
    models.push(Arc::new(FoldedTable::<Member>::new()));
    models.push(Arc::new(FoldedTable::<Invitation>::new()));
    models.push(Arc::new(FoldedTable::<ViewRow>::new()));
    models.push(Arc::new(Actions::new()));
    models.push(Arc::new(Audit::new()));
    models
}
