//! Wake-up: who waits for new events is told, in this process at once and in others soon. Only a
//! hint; correctness comes from polling heads.

use sqlx::PgPool;
use sqlx::postgres::PgListener;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::task::AbortOnDropHandle;

/// The channel between processes. Coalesced and outside the append's transaction: inside it, the
/// global lock of NOTIFY would cost nine tenths of the throughput.
const CHANNEL: &str = "hindsight_appended";

/// At most one notification goes out per this time.
const COALESCE: Duration = Duration::from_millis(20);

/// Wait before a lost connection is tried again.
const RECONNECT: Duration = Duration::from_secs(1);

/// Hands out and rings the bell.
#[derive(Clone, Debug)]
pub struct Wake {
    bell: Arc<watch::Sender<u64>>,
    local: Arc<watch::Sender<u64>>,
    _tasks: Arc<[AbortOnDropHandle<()>; 2]>,
}

impl Wake {
    /// Starts to listen to and to tell other processes.
    pub fn start(pool: PgPool) -> Self {
        let bell = Arc::new(watch::Sender::new(0));
        let local = Arc::new(watch::Sender::new(0));
        let tell = tokio::spawn(tell(pool.clone(), local.subscribe()));
        let listen = tokio::spawn(listen(pool, Arc::clone(&bell)));
        let tasks = [AbortOnDropHandle::new(tell), AbortOnDropHandle::new(listen)];
        Self { bell, local, _tasks: Arc::new(tasks) }
    }

    /// Something was appended by this process.
    pub fn appended(&self) {
        self.bell.send_modify(|count| *count += 1);
        self.local.send_modify(|count| *count += 1);
    }

    /// Changes whenever something was appended, here or (as far as is known) elsewhere.
    pub fn receiver(&self) -> watch::Receiver<u64> {
        self.bell.subscribe()
    }
}

async fn tell(pool: PgPool, mut appended: watch::Receiver<u64>) {
    while appended.changed().await.is_ok() {
        tokio::time::sleep(COALESCE).await;
        appended.mark_unchanged();
        if let Err(error) =
            sqlx::query("SELECT pg_notify($1, '')").bind(CHANNEL).execute(&pool).await
        {
            tracing::debug!(%error, "other processes were not told; they poll");
        }
    }
}

async fn listen(pool: PgPool, bell: Arc<watch::Sender<u64>>) {
    loop {
        if let Err(error) = listen_once(&pool, &bell).await {
            tracing::debug!(%error, "stopped listening; polling goes on");
        }
        tokio::time::sleep(RECONNECT).await;
    }
}

async fn listen_once(pool: &PgPool, bell: &watch::Sender<u64>) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    // `None` means that the connection was lost and something may have been missed.
    while listener.try_recv().await?.is_some() {
        bell.send_modify(|count| *count += 1);
    }
    bell.send_modify(|count| *count += 1);
    Ok(())
}
