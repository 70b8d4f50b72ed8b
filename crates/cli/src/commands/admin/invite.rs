//! `lyceum admin invite`

use anyhow::Result;
use clap::Args;
use lyceum_store::{NewInvitation, Role, Token};
use serde_json::json;

use super::{DatabaseArgs, entry};
use crate::hint;

/// Makes an invitation and prints its link, behind which people make their own accounts.
#[derive(Args)]
pub struct InviteArgs {
    /// learner, instructor or operator.
    #[arg(long, value_name = "ROLE", default_value = "learner", value_parser = role)]
    role: Role,
    /// How many may come by it.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    uses: u32,
    /// For how many days.
    #[arg(long, value_name = "N", default_value_t = 14, value_parser = clap::value_parser!(u32).range(1..=365))]
    days: u32,
    /// The address of the page.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8600")]
    origin: String,
    #[command(flatten)]
    database: DatabaseArgs,
}

fn role(word: &str) -> Result<Role, String> {
    Role::from_word(word).ok_or_else(|| "expected learner, instructor or operator".to_owned())
}

pub async fn run(args: &InviteArgs) -> Result<()> {
    const DAY_MS: i64 = 24 * 60 * 60 * 1000;
    let store = args.database.open().await?;
    // Whoever has the data folder acts for the first operator.
    let operators = store.accounts().list(Some(Role::Operator), None, 1).await?;
    let Some(operator) = operators.first() else {
        return Err(hint::error("there is no account yet", "the link that `lyceum serve` prints makes the first one"));
    };
    let token = Token::random()?;
    let new = NewInvitation {
        role: args.role,
        cohort: None,
        uses: args.uses,
        expires: lyceum_store::now() + i64::from(args.days) * DAY_MS,
        created_by: operator.id.clone(),
    };
    let invitation = store.invitations().create(&token.hash(), new).await?;
    let detail = json!({ "role": args.role, "uses": args.uses, "days": args.days });
    store.audit().append(entry("invitation.create", Some(&invitation.id), detail)).await?;
    println!("{}/join#{}", args.origin.trim_end_matches('/'), token.reveal());
    Ok(())
}
