//! How people come in.

use lyceum_store::*;
use tokio::task::JoinSet;

use crate::walk::person;

async fn invite(store: &Store, uses: u32, expires: Millis) -> (TokenHash, Invitation) {
    let owner = match store.accounts().by_name("owner").await.unwrap() {
        Some(owner) => owner,
        None => store.accounts().create_owner(person("owner")).await.unwrap(),
    };
    let token = Token::random().unwrap().hash();
    let new = NewInvitation { role: Role::Learner, cohort: None, uses, expires, created_by: owner.id };
    let invitation = store.invitations().create(&token, new).await.unwrap();
    (token, invitation)
}

pub(crate) async fn no_more_come_than_were_invited(store: Store) {
    let (token, invitation) = invite(&store, 3, now() + 60_000).await;
    let mut guests = JoinSet::new();
    for number in 0..10 {
        let (store, token) = (store.clone(), token.clone());
        guests.spawn(async move { store.invitations().take(&token, person(&format!("guest{number}"))).await });
    }
    let results = guests.join_all().await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 3);
    let refused = |result: &Result<Account>| matches!(result, Err(Error::Invitation(InvitationProblem::UsedUp)));
    assert_eq!(results.iter().filter(|result| refused(result)).count(), 7);
    assert_eq!(store.accounts().list(Some(Role::Learner), None, 100).await.unwrap().len(), 3);
    assert_eq!(store.invitations().by_id(&invitation.id).await.unwrap().unwrap().used, 3);
}

pub(crate) async fn who_does_not_get_an_account_uses_nothing_up(store: Store) {
    let (token, _) = invite(&store, 1, now() + 60_000).await;
    let taken = store.invitations().take(&token, person("OWNER")).await;
    assert!(matches!(taken, Err(Error::NameTaken)));
    let bad = store.invitations().take(&token, person("a b")).await;
    assert!(matches!(bad, Err(Error::Name(_))));
    store.invitations().take(&token, person("lin")).await.unwrap();
}

pub(crate) async fn a_closed_invitation_says_why(store: Store) {
    let problem = async |token: &TokenHash| match store.invitations().by_token_hash(token).await {
        Err(Error::Invitation(problem)) => {
            let taken = store.invitations().take(token, person("lin")).await;
            assert!(matches!(taken, Err(Error::Invitation(same)) if same == problem));
            problem
        }
        other => panic!("{other:?}"),
    };
    let (expired, _) = invite(&store, 1, now() - 1).await;
    assert_eq!(problem(&expired).await, InvitationProblem::Expired);
    let (revoked, invitation) = invite(&store, 1, now() + 60_000).await;
    store.invitations().revoke(&invitation.id).await.unwrap();
    assert_eq!(problem(&revoked).await, InvitationProblem::Revoked);
    assert_eq!(problem(&TokenHash::of("guessed")).await, InvitationProblem::Unknown);
    assert!(matches!(store.invitations().revoke("nothing").await, Err(Error::NotFound { what: "invitation" })));
}

pub(crate) async fn invitations_are_listed_and_lead_into_a_cohort(store: Store) {
    let (_, first) = invite(&store, 1, now() + 60_000).await;
    let owner = first.created_by.clone().unwrap();
    let cohort = store.cohorts().create("一班", &owner).await.unwrap();
    let token = Token::random().unwrap().hash();
    let new = NewInvitation {
        role: Role::Instructor,
        cohort: Some(cohort.id.clone()),
        uses: 2,
        expires: now() + 60_000,
        created_by: owner.clone(),
    };
    let second = store.invitations().create(&token, new.clone()).await.unwrap();
    let teacher = store.invitations().take(&token, person("teacher")).await.unwrap();
    assert_eq!(teacher.role, Role::Instructor);
    assert!(store.cohorts().follows(&teacher.id, &cohort.id).await.unwrap());
    assert!(store.cohorts().members(&cohort.id, None, 10).await.unwrap().is_empty());

    let ids = |list: Vec<Invitation>| list.into_iter().map(|invitation| invitation.id).collect::<Vec<_>>();
    let all = store.invitations().list(None, None, 10).await.unwrap();
    assert_eq!(ids(all), [second.id.clone(), first.id.clone()]);
    let before = store.invitations().list(Some(&owner), Some(&second.id), 10).await.unwrap();
    assert_eq!(ids(before), [first.id]);
    assert!(store.invitations().list(Some(&teacher.id), None, 10).await.unwrap().is_empty());
    let nowhere = NewInvitation { cohort: Some("nowhere".into()), ..new };
    let nowhere = store.invitations().create(&Token::random().unwrap().hash(), nowhere).await;
    assert!(matches!(nowhere, Err(Error::NotFound { .. })));
}
