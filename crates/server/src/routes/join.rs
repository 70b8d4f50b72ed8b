//! Joining by an invitation.

use axum::{extract::State, response::Response};
use lyceum_store::{Language, NewAccount, TokenHash};
use serde::Deserialize;
use utoipa::ToSchema;

use super::session::{begin, note_arrival};
use crate::{
    app::App,
    error::Answer,
    extract::{Caller, Json},
    schema, secrets,
};

/// Somebody who wants an account.
#[derive(Deserialize, ToSchema)]
pub struct NewPerson {
    /// What the link had after its `#`.
    pub token: String,
    /// The login.
    pub name: String,
    /// How the person is called.
    pub display: String,
    pub password: String,
    #[schema(value_type = schema::Language)]
    pub language: Language,
}

impl NewPerson {
    /// Makes the account that is to be kept.
    pub async fn checked(self, app: &App) -> Answer<NewAccount> {
        secrets::check_password(&self.password)?;
        let password_hash = app.hash_password(self.password).await?;
        Ok(NewAccount { name: self.name, display: self.display, language: self.language, password_hash })
    }
}

pub async fn join(State(app): State<App>, caller: Caller, Json(person): Json<NewPerson>) -> Answer<Response> {
    let token = TokenHash::of(&person.token);
    // Before a password is hashed for nobody.
    app.store.invitations().by_token_hash(&token).await?;
    let account = app.store.invitations().take(&token, person.checked(&app).await?).await?;
    note_arrival(&app, &account, "invitation", &caller).await?;
    begin(&app, account).await
}
