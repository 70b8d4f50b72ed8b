//! The table of routes: everything that can be asked of the server, and who may.
//!
//! Router, description (`openapi.rs`), the labels of the counts and the test of who may do what are all made from it,
//! so a route that is not here does not exist, and one that is here is known to all of them.

use std::time::Duration;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    http::{Method, StatusCode},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{MethodFilter, MethodRouter, on},
};
use tower_http::compression::{
    CompressionLayer,
    predicate::{NotForContentType, Predicate, SizeAbove},
};
use tracing::Instrument;
use utoipa::ToSchema;

use crate::{
    app::App,
    error::AppError,
    guard::{self, Access, Gate},
    openapi::{Gives, Named},
    page,
    routes::{
        account, answers, audit, cohorts, completions, courses, description, drafts, events, invitations, join,
        learners, monitoring, problems, reports, session, setup, status, submissions, units, users,
    },
    schema,
};

use Access::{Everyone, Instructor, Learner, Monitor, Operator};

/// A row of the table.
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub access: Access,
    pub summary: &'static str,
    /// The most bytes that the request's body may have.
    pub body: usize,
    pub takes: Option<Named>,
    pub gives: Gives,
    /// What may be said in the query, with its type.
    pub asks: &'static [(&'static str, &'static str)],
    handler: MethodRouter<App>,
}

const SMALL: usize = 16 << 10;
/// The most bytes of a request that carries a program.
const PROGRAM: usize = 512 << 10;

#[rustfmt::skip]
pub fn table() -> Vec<Route> {
    vec![
        get("/api/session", Everyone, session::show, "Says who is signed in").gives::<session::SessionView>(),
        post("/api/session", Everyone, session::log_in, "Signs in").takes::<session::LogIn>().gives::<session::SessionView>(),
        delete("/api/session", Everyone, session::log_out, "Signs out"),
        post("/api/setup", Everyone, setup::set_up, "Makes the first account by the one-time link").takes::<join::NewPerson>().gives::<session::SessionView>(),
        get("/api/invitations/{token}", Everyone, invitations::show, "Says what an invitation is for").gives::<invitations::Welcome>(),
        post("/api/join", Everyone, join::join, "Makes an account by an invitation").takes::<join::NewPerson>().gives::<session::SessionView>(),

        patch("/api/account", Learner, account::change, "Changes one's name, language or password").takes::<account::Change>().gives::<session::SessionView>(),
        get("/api/account/record", Learner, account::record, "Gives everything that is kept of oneself").other("application/json"),
        get("/api/courses", Learner, courses::list, "Lists the courses").gives_many::<courses::CourseCard>(),
        get("/api/courses/{course}", Learner, courses::show, "Gives a course, and how far one is").gives::<courses::CourseView>(),
        get("/api/courses/{course}/units/{unit}", Learner, units::show, "Gives a unit: its lesson, its lab, and what one did").gives::<units::UnitView>(),
        post("/api/courses/{course}/units/{unit}/answers", Learner, answers::give, "Answers a question").takes::<answers::Given>().gives::<answers::AnswerView>(),
        put("/api/courses/{course}/units/{unit}/draft", Learner, drafts::put, "Saves what one is writing").takes::<drafts::NewDraft>().gives::<drafts::SavedDraft>().body(PROGRAM),
        get("/api/courses/{course}/units/{unit}/versions", Learner, submissions::versions, "Lists what one sent in a unit").gives_many::<submissions::SubmissionCard>().asks(&[("before", "string"), ("limit", "integer")]),
        post("/api/courses/{course}/units/{unit}/submissions", Learner, submissions::create, "Runs or submits a program").takes::<submissions::NewProgram>().gives_with::<submissions::Accepted>(202).body(PROGRAM),
        get("/api/submissions/{id}", Learner, submissions::show, "Gives a submission with its program and grade").gives::<submissions::SubmissionView>(),
        delete("/api/submissions/{id}", Learner, submissions::stop, "Stops a submission"),
        get("/api/submissions/{id}/events", Learner, events::follow, "Follows a submission, from an event on").other("text/event-stream").asks(&[("after", "integer")]),
        get("/api/recent", Learner, submissions::recent, "Lists what one sent last").gives_many::<submissions::SubmissionCard>().asks(&[("before", "string"), ("limit", "integer")]),
        get("/api/completions", Learner, completions::list, "Lists the names that an editor offers").gives_many::<crate::jobs::completions::Completion>(),

        get("/api/cohorts", Instructor, cohorts::list, "Lists the cohorts that one follows").gives_many::<cohorts::CohortView>(),
        post("/api/cohorts", Instructor, cohorts::create, "Makes a cohort").takes::<cohorts::NewCohort>().gives_with::<cohorts::CohortView>(201),
        get("/api/cohorts/{cohort}", Instructor, cohorts::show, "Gives a cohort with its learners").gives::<cohorts::WholeCohort>(),
        patch("/api/cohorts/{cohort}", Instructor, cohorts::rename, "Renames a cohort").takes::<cohorts::NewCohort>().gives::<cohorts::CohortView>(),
        delete("/api/cohorts/{cohort}", Instructor, cohorts::remove, "Deletes a cohort; its learners stay"),
        post("/api/cohorts/{cohort}/members", Instructor, cohorts::add_member, "Takes a learner into a cohort").takes::<cohorts::NewMember>().gives_with::<cohorts::MemberView>(201),
        delete("/api/cohorts/{cohort}/members/{account}", Instructor, cohorts::remove_member, "Lets a learner go from a cohort"),
        get("/api/cohorts/{cohort}/progress", Instructor, reports::progress, "Says where everybody is").gives_many::<reports::LearnerRow>().asks(&[("course", "string"), ("after", "string")]),
        get("/api/cohorts/{cohort}/checks", Instructor, reports::checks, "Says how often each check fails").gives_many::<reports::CheckView>().asks(&[("course", "string")]),
        get("/api/cohorts/{cohort}/stuck", Instructor, reports::stuck, "Lists who may need help").gives_many::<reports::StuckView>().asks(&[("course", "string")]),
        get("/api/cohorts/{cohort}/grades.csv", Instructor, reports::grades, "Gives all results as CSV").other("text/csv").asks(&[("course", "string")]),
        get("/api/learners/{account}", Instructor, learners::show, "Gives a learner's progress and runs").gives::<learners::LearnerView>().asks(&[("course", "string")]),
        get("/api/invitations", Instructor, invitations::list, "Lists invitations").gives_many::<invitations::InvitationView>(),
        post("/api/invitations", Instructor, invitations::create, "Makes an invitation").takes::<invitations::NewInvitationView>().gives_with::<invitations::MadeInvitation>(201),
        delete("/api/invitations/{token}", Instructor, invitations::revoke, "Takes an invitation back, by its id"),
        get("/api/courses/{course}/problems", Instructor, problems::list, "Lists what is wrong with a course").gives_many::<problems::ProblemView>(),

        get("/api/users", Operator, users::list, "Lists accounts").gives_many::<schema::AccountView>().asks(&[("after", "string"), ("role", "string")]),
        patch("/api/users/{account}", Operator, users::change, "Changes an account's role, or lets it sign in or not").takes::<users::ChangeUser>().gives::<schema::AccountView>(),
        delete("/api/users/{account}", Operator, users::remove, "Deletes an account and everything of theirs"),
        get("/api/status", Operator, status::show, "Says how the server is doing").gives::<status::Status>(),
        get("/api/audit", Operator, audit::list, "Lists who did what, the newest first").gives_many::<audit::AuditLine>().asks(&[("before", "string"), ("subject", "string"), ("actor", "string")]),

        get("/api/openapi.json", Everyone, description::show, "Gives this description").other("application/json"),
        get("/health", Everyone, monitoring::health, "Says that the server runs").other("text/plain"),
        get("/ready", Everyone, monitoring::ready, "Says that the server can do its work").other("text/plain"),
        get("/metrics", Monitor, monitoring::metrics, "Gives what is counted, for Prometheus").other("text/plain"),
    ]
}

impl Route {
    fn new<H, T>(method: Method, path: &'static str, access: Access, handler: H, summary: &'static str) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let filter = MethodFilter::try_from(method.clone()).expect("a method that routes have");
        let handler = on(filter, handler);
        Self { method, path, access, summary, body: SMALL, takes: None, gives: Gives::Nothing, asks: &[], handler }
    }

    fn takes<T: ToSchema>(self) -> Self {
        Self { takes: Some(Named::of::<T>()), ..self }
    }

    fn gives<T: ToSchema>(self) -> Self {
        self.gives_with::<T>(200)
    }

    fn gives_with<T: ToSchema>(self, status: u16) -> Self {
        Self { gives: Gives::Json(status, Named::of::<T>()), ..self }
    }

    fn gives_many<T: ToSchema>(self) -> Self {
        Self { gives: Gives::Json(200, Named::list_of::<T>()), ..self }
    }

    fn other(self, kind: &'static str) -> Self {
        Self { gives: Gives::Other(kind), ..self }
    }

    fn asks(self, asks: &'static [(&'static str, &'static str)]) -> Self {
        Self { asks, ..self }
    }

    fn body(self, body: usize) -> Self {
        Self { body, ..self }
    }
}

macro_rules! methods {
    ($($name:ident $method:ident)*) => {$(
        fn $name<H, T>(path: &'static str, access: Access, handler: H, summary: &'static str) -> Route
        where
            H: Handler<T, App>,
            T: 'static,
        {
            Route::new(Method::$method, path, access, handler, summary)
        }
    )*};
}

methods! { get GET post POST put PUT patch PATCH delete DELETE }

/// Makes the router of the table, with the page behind it.
pub fn router(app: App) -> Router {
    let mut router = Router::new();
    for route in table() {
        let gate = Gate { app: app.clone(), access: route.access };
        let handler = route.handler.layer(DefaultBodyLimit::max(route.body));
        router = router.route(route.path, handler.layer(from_fn_with_state(gate, guard::admit)));
    }
    // Streams are not compressed: what is in them is to arrive at once.
    let worth_it = SizeAbove::new(1024).and(NotForContentType::SSE).and(NotForContentType::IMAGES);
    router
        .method_not_allowed_fallback(not_allowed)
        .fallback(page::serve)
        .layer(CompressionLayer::new().quality(tower_http::CompressionLevel::Fastest).compress_when(worth_it))
        .layer(from_fn(caught))
        .layer(from_fn_with_state(app.clone(), guard::observe))
        .with_state(app)
}

async fn not_allowed() -> Response {
    AppError::new(StatusCode::METHOD_NOT_ALLOWED, "not_allowed", "this cannot be done here").into_response()
}

/// How long a request may take until its answer begins, its body's arrival included.
const LONGEST: Duration = Duration::from_secs(60);

/// Turns a panic of a handler into an error, so that the connection lives and the log has the request's id, and gives up
/// on requests that do not come to a point.
async fn caught(request: axum::extract::Request, next: axum::middleware::Next) -> Response {
    let handled = tokio::spawn(tokio::time::timeout(LONGEST, next.run(request)).in_current_span());
    match handled.await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => {
            AppError::new(StatusCode::REQUEST_TIMEOUT, "too_slow", "the request took too long").into_response()
        }
        Err(error) => AppError::internal(error).into_response(),
    }
}
