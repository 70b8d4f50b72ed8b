//! `lyceum serve` and `lyceum admin`: the whole way from a browser to the interpreter and back.

#[allow(dead_code, reason = "the tests of the server ask for more")]
#[path = "../../../server/tests/it/person.rs"]
mod person;

mod admin;
mod durability;
mod house;
mod runs;
