//! The read models of the product.

use crate::actions::Actions;
use crate::audit::Audit;
use crate::invitations::Invitations;
use crate::members::Members;
use crate::picklists::Picklists;
use crate::records::RecordTable;
use crate::runtime::ReadModel;
use crate::views::Views;
use std::sync::Arc;

macro_rules! record_tables {
    ($($record:ty),+ $(,)?) => {
        vec![$(Arc::new(RecordTable::<$record>::new())),+]
    };
}

/// All read models, in the order in which they stand in a path.
pub(crate) fn read_models() -> Vec<Arc<dyn ReadModel>> {
    let mut models: Vec<Arc<dyn ReadModel>> = domain::for_each_record_type!(record_tables);
    models.push(Arc::new(Picklists::new()));
    models.push(Arc::new(Members::new()));
    models.push(Arc::new(Invitations::new()));
    models.push(Arc::new(Views::new()));
    models.push(Arc::new(Actions::new()));
    models.push(Arc::new(Audit::new()));
    models
}
