//! A shop that fails in many ways, reported by the sentry crate with nothing but its DSN set: `shop <dsn>`.

use anyhow::Context;
use sentry::protocol::{Attachment, Context as Shown, MonitorCheckIn, MonitorCheckInStatus, MonitorConfig, MonitorSchedule};
use std::collections::BTreeMap;
use std::fmt;

#[derive(Debug)]
struct PaymentError {
    order: u32,
    source: std::num::ParseIntError,
}

impl fmt::Display for PaymentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "order {} cannot be paid", self.order)
    }
}

impl std::error::Error for PaymentError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

mod orders {
    use super::PaymentError;

    #[inline(never)]
    pub fn charge(order: u32, card: &str) -> Result<u64, PaymentError> {
        card.parse().map_err(|source| PaymentError { order, source })
    }

    #[inline(never)]
    pub fn stock(shelf: &[u32], place: usize) -> u32 {
        shelf[place]
    }
}

struct Warehouse<T> {
    shelves: Vec<T>,
}

impl<T: Copy + Into<u32>> Warehouse<T> {
    #[inline(never)]
    fn take(&self, place: usize) -> u32 {
        let shelf: Vec<u32> = self.shelves.iter().map(|&one| one.into()).collect();
        orders::stock(&shelf, place)
    }
}

#[inline(never)]
fn checkout() -> anyhow::Result<u64> {
    orders::charge(4711, "no digits").context("checkout failed")
}

fn check_in(id: u128, slug: &str, status: MonitorCheckInStatus, schedule: MonitorSchedule) {
    let check_in = MonitorCheckIn {
        check_in_id: sentry::types::Uuid::from_u128(id),
        monitor_slug: slug.into(),
        status,
        environment: Some("e2e".into()),
        duration: Some(1.5),
        monitor_config: Some(MonitorConfig {
            schedule,
            checkin_margin: Some(10),
            max_runtime: None,
            timezone: None,
            failure_issue_threshold: None,
            recovery_threshold: None,
        }),
    };
    let mut envelope = sentry::Envelope::new();
    envelope.add_item(check_in);
    sentry::Hub::current().client().expect("a client").send_envelope(envelope);
}

fn main() {
    let guard = sentry::init((
        std::env::args().nth(1).expect("a DSN"),
        sentry::ClientOptions::new()
            .release("shop@1.2.3")
            .environment("e2e")
            .traces_sample_rate(1.0)
            .auto_session_tracking(true)
            .session_mode(sentry::SessionMode::Application),
    ));
    sentry::configure_scope(|scope| {
        scope.set_user(Some(sentry::User { id: Some("7".into()), email: Some("ada@example.org".into()), ..Default::default() }));
        scope.set_tag("plan", "gold");
        scope.set_context("basket", Shown::Other(BTreeMap::from([("items".into(), 3.into())])));
    });
    sentry::add_breadcrumb(sentry::Breadcrumb {
        category: Some("cart".into()),
        message: Some("checkout pressed".into()),
        ..Default::default()
    });
    let failed = checkout().expect_err("no digits");
    sentry::with_scope(
        |scope| {
            scope.add_attachment(Attachment {
                buffer: b"id;total\n4711;12.50\n".to_vec(),
                filename: "order.csv".into(),
                content_type: Some("text/csv".into()),
                ty: None,
            })
        },
        || sentry::integrations::anyhow::capture_anyhow(&failed),
    );
    sentry::capture_error(&orders::charge(4712, "x").expect_err("no digits"));
    sentry::capture_message("stock is low", sentry::Level::Warning);
    let transaction = sentry::start_transaction(sentry::TransactionContext::new("nightly-report", "task"));
    sentry::configure_scope(|scope| scope.set_span(Some(transaction.clone().into())));
    sentry::capture_error(&std::io::Error::other("report is empty"));
    transaction.finish();
    sentry::configure_scope(|scope| scope.set_span(None));
    check_in(1, "backup", MonitorCheckInStatus::Ok, MonitorSchedule::Crontab { value: "0 4 * * *".into() });
    check_in(2, "import", MonitorCheckInStatus::Error, MonitorSchedule::Interval { value: 1, unit: sentry::protocol::MonitorIntervalUnit::Hour });
    sentry::logger_info!("order {} packed", 4711);
    sentry::logger_error!(printer = "lp0", "printer is on fire");
    let _ = std::panic::catch_unwind(|| Warehouse { shelves: vec![1u8, 2] }.take(7));
    sentry::end_session();
    drop(guard);
    println!("sent");
}
