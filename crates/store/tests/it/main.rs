//! The store, asked as a server asks it: each test on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod accounts;
mod audit;
mod deletion;
mod drafts;
mod durability;
mod events;
mod hostile;
mod invitations;
mod model;
mod opening;
mod plans;
mod postgres;
mod reports;
mod safety;
mod sessions;
mod submissions;
mod suite;
mod walk;

suite::suite! {
    accounts: [
        of_many_first_accounts_one_succeeds,
        a_login_is_taken_in_any_case_and_width,
        one_of_two_operators_stays_when_both_leave_at_once,
        lists_come_in_pages,
        what_a_person_changes_is_kept,
        a_new_password_ends_the_other_sessions,
    ],
    audit: [the_log_is_read_backwards],
    deletion: [
        nothing_of_a_deleted_learner_is_left,
        a_deleted_instructor_leaves_cohorts_and_invitations,
        a_learner_can_go_while_their_programs_run,
    ],
    drafts: [
        a_draft_that_was_changed_elsewhere_is_not_overwritten,
        of_drafts_that_race_none_is_lost,
        what_cannot_be_kept_is_refused,
    ],
    durability: [what_was_acknowledged_survives_kill_9],
    events: [
        a_page_that_comes_back_misses_nothing,
        what_comes_at_once_is_read_in_pages,
        numbers_have_no_gaps_and_frames_are_json,
        old_frames_go_and_those_of_open_runs_stay,
    ],
    hostile: [texts_are_texts],
    invitations: [
        no_more_come_than_were_invited,
        who_does_not_get_an_account_uses_nothing_up,
        a_closed_invitation_says_why,
        invitations_are_listed_and_lead_into_a_cohort,
    ],
    model: [numbers_are_what_counting_gives],
    opening: [
        what_was_written_is_there_when_it_is_opened_again,
        several_may_open_it_at_once,
        several_may_make_it_at_once,
        one_serves,
        tables_of_a_newer_program_are_refused,
        it_tells_what_it_is,
    ],
    reports: [
        cohorts_have_learners_and_instructors,
        the_table_shows_a_cohort_and_nobody_else,
        failure_rates_count_learners_and_attempts,
        those_who_are_stuck_are_found,
        answers_keep_the_best_and_how_often,
    ],
    safety: [
        a_backup_is_one_moment_while_others_write,
        a_restored_database_takes_the_place_of_the_old,
        a_record_is_whole_and_nobody_elses,
        everything_can_be_copied_to_another_database,
    ],
    sessions: [a_session_ends, a_disabled_account_has_no_session],
    submissions: [
        one_of_many_workers_gets_a_job,
        of_many_grades_one_counts,
        after_a_restart_the_old_attempt_is_refused,
        what_was_stopped_stays_stopped,
        runs_end_without_a_grade,
        every_version_is_kept_and_listed,
        a_lab_at_fault_costs_no_attempt,
    ],
    walk: [from_the_first_account_to_a_grade],
}
