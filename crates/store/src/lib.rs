//! What must last: accounts, progress, drafts, submissions, grades, what runs told, cohorts and the audit log.
//!
//! One [`Store`] stands before a SQLite file (the default, nothing to install) or a PostgreSQL server. Both are asked
//! the same SQL, brought up to date when the store is opened, and tested by the same suite.
//!
//! - `location`, `migrations`, `log`: which database, its tables, and when what was written is on the disk
//! - `accounts`, `sessions`, `invitations`: who may come in
//! - `progress`, `drafts`: how far a learner is, and what they are writing
//! - `submissions`, `grades`, `events`: programs that were sent, what they were worth, what they told while they ran
//! - `cohorts`, `reports`: groups of learners, and what their instructor wants to know
//! - `audit`: who did what
//! - `backup`, `copy`, `export`: taking everything out, or to another database, or all of one learner
//! - `id`, `name`, `token`, `page`, `clock`, `text`: ids, names, secrets, pages, time and what a text may hold
//!
//! ```
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! use lyceum_store::{Language, Location, NewAccount, Store};
//!
//! let folder = tempfile::tempdir()?;
//! let store = Store::open(&Location::Folder(folder.path().into())).await?;
//! let owner = NewAccount {
//!     name: "lin".into(),
//!     display: "林".into(),
//!     language: Language::Zh,
//!     password_hash: "$argon2id$…".into(),
//! };
//! let owner = store.accounts().create_owner(owner).await?;
//! assert_eq!(store.accounts().by_name("ＬＩＮ").await?, Some(owner));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! ```
//!
//! Courses are not here: they are files. Nothing here knows HTTP, hashes passwords or reads what is inside a grade.

mod accounts;
mod audit;
mod backup;
mod clock;
mod cohorts;
mod copy;
mod drafts;
mod error;
mod events;
mod export;
mod grades;
mod id;
mod invitations;
mod location;
mod log;
mod migrations;
mod name;
mod page;
mod progress;
mod reports;
mod row;
mod sessions;
mod store;
mod submissions;
mod text;
mod token;

pub use accounts::{Account, Accounts, Language, NewAccount, Role};
pub use audit::{Audit, AuditEntry, AuditFilter, NewAuditEntry};
pub use backup::{BackupFacts, check_backup, restore};
pub use clock::{Millis, now};
pub use cohorts::{Cohort, Cohorts, Member};
pub use drafts::{Draft, Drafts, Saved};
pub use error::{Error, InvitationProblem, NameProblem, Result};
pub use events::{Appended, Event, Events};
pub use export::Export;
pub use grades::{CheckResult, Grade, GradeStatus, Grades, NewGrade, Recorded};
pub use invitations::{Invitation, Invitations, NewInvitation};
pub use location::Location;
pub use name::fold;
pub use page::MAX_PAGE;
pub use progress::{Answer, CheckProgress, NewAnswer, Progress, UnitProgress};
pub use reports::{CheckRate, GradeRow, LearnerProgress, Reports, Stuck};
pub use sessions::{Session, Sessions};
pub use store::{Facts, Serving, Store};
pub use submissions::{Kind, NewSubmission, Queued, State, Submission, Submissions, Version};
pub use text::{MAX_CODE_BYTES, MAX_FRAME_BYTES, MAX_JSON_BYTES};
pub use token::{Token, TokenHash};
