//! Runs each test on SQLite, as a test of its own, and all of them on one PostgreSQL server.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;

use lyceum_store::{Location, Store};

/// A test, named.
pub(crate) type Test = (&'static str, fn(Store) -> Pin<Box<dyn Future<Output = ()>>>);

/// Makes tests on both databases of functions that take an empty store.
macro_rules! suite {
    ($($module:ident: [$($name:ident),* $(,)?],)*) => {
        mod sqlite {
            $(mod $module {
                $(#[test]
                fn $name() {
                    crate::suite::on_sqlite(crate::$module::$name);
                })*
            })*
        }

        #[test]
        fn postgres() {
            crate::suite::on_postgres(&[
                $($((
                    concat!(stringify!($module), "::", stringify!($name)),
                    |store| Box::pin(crate::$module::$name(store)),
                ),)*)*
            ]);
        }
    };
}
pub(crate) use suite;

/// Runs a test on SQLite in a folder of its own.
pub(crate) fn on_sqlite<F: Future<Output = ()>>(test: impl FnOnce(Store) -> F) {
    let folder = tempfile::tempdir().unwrap();
    run(&Location::Folder(folder.path().join("data")), test);
}

/// Runs tests on databases of one PostgreSQL server.
pub(crate) fn on_postgres(tests: &[Test]) {
    let Some(server) = crate::postgres::Server::start() else { return };
    let failed: Vec<_> = tests
        .iter()
        .filter(|(_, test)| {
            let location = server.database();
            catch_unwind(AssertUnwindSafe(|| run(&location, test))).is_err()
        })
        .map(|(name, _)| *name)
        .collect();
    assert!(failed.is_empty(), "of {} tests on PostgreSQL failed: {failed:?}", tests.len());
}

fn run<F: Future<Output = ()>>(location: &Location, test: impl FnOnce(Store) -> F) {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let store = Store::open(location).await.unwrap();
        test(store.clone()).await;
        store.close().await;
    });
}
