//! What every handler can reach.

use std::{
    collections::HashMap,
    ops::Deref,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use lyceum_store::{Account, NewAuditEntry, Store, Token, TokenHash};
use serde_json::Value;
use tokio::sync::{Semaphore, watch};

use crate::{
    config::Config,
    error::AppError,
    extract::Caller,
    jobs::{Desk, completions::Completions},
    library::Library,
    metrics::Metrics,
    secrets,
    throttle::{Failures, Rate},
};

/// The server, as its handlers see it. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

impl Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// What there is one of.
pub struct Inner {
    pub config: Config,
    pub store: Store,
    pub library: Arc<Library>,
    pub metrics: Arc<Metrics>,
    pub desk: Arc<Desk>,
    pub completions: Completions,
    pub started: Instant,
    /// Becomes true when the server is to end.
    pub closing: watch::Receiver<bool>,
    /// What the one-time link of the first start proves itself by, until there is an owner.
    pub setup: Mutex<Option<TokenHash>>,
    pub failed_logins: Failures,
    pub rate_of_accounts: Rate,
    pub rate_of_addresses: Rate,
    /// How many connections of each account follow a run.
    pub followers: Mutex<HashMap<String, usize>>,
    /// The description of the API.
    pub description: String,
    /// Hashing a password takes 19 MiB and a core, so only so many do it at a time.
    hashing: Semaphore,
}

impl App {
    pub fn new(
        config: Config,
        store: Store,
        library: Arc<Library>,
        metrics: Arc<Metrics>,
        desk: Arc<Desk>,
        closing: watch::Receiver<bool>,
    ) -> Self {
        let (of_account, of_address) = (config.rates.account, config.rates.address);
        Self(Arc::new(Inner {
            completions: Completions::new(&config.data, desk.workshop.clone()),
            config,
            store,
            library,
            metrics,
            desk,
            started: Instant::now(),
            closing,
            setup: Mutex::new(None),
            failed_logins: Failures::new(5, Duration::from_secs(2), Duration::from_secs(15 * 60)),
            rate_of_accounts: Rate::new(of_account, of_account * 4.0),
            rate_of_addresses: Rate::new(of_address, of_address * 6.0),
            followers: Mutex::default(),
            description: crate::openapi::document(&crate::router::table()),
            hashing: Semaphore::new(2),
        }))
    }

    /// Makes the token of the one-time link, if there is no account yet.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn prepare_setup(&self) -> lyceum_store::Result<Option<Token>> {
        if self.store.accounts().any().await? {
            return Ok(None);
        }
        let token = Token::random()?;
        *self.setup.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(token.hash());
        Ok(Some(token))
    }

    /// Returns what is kept of a password, away from the threads that answer.
    pub async fn hash_password(&self, password: String) -> Result<String, AppError> {
        let _turn = self.hashing.acquire().await.map_err(AppError::internal)?;
        tokio::task::spawn_blocking(move || secrets::hash_password(&password)).await.map_err(AppError::internal)
    }

    /// Says whether a password is the one of which this is kept.
    pub async fn is_password(&self, password: String, kept: Option<String>) -> Result<bool, AppError> {
        let _turn = self.hashing.acquire().await.map_err(AppError::internal)?;
        let compared = tokio::task::spawn_blocking(move || secrets::is_password(&password, kept.as_deref())).await;
        compared.map_err(AppError::internal)
    }

    /// Writes a line of the audit log.
    pub async fn note(
        &self,
        actor: Option<&Account>,
        action: &str,
        subject: Option<&str>,
        detail: Value,
        caller: &Caller,
    ) -> Result<(), AppError> {
        let entry = entry(actor, action, subject, detail, caller);
        Ok(self.store.audit().append(entry).await?)
    }
}

/// Makes a line of the audit log.
pub fn entry(
    actor: Option<&Account>,
    action: &str,
    subject: Option<&str>,
    detail: Value,
    caller: &Caller,
) -> NewAuditEntry {
    NewAuditEntry {
        actor: actor.map(|actor| actor.id.clone()),
        action: action.to_owned(),
        subject: subject.map(str::to_owned),
        detail,
        request: Some(caller.request_id.clone()),
    }
}
