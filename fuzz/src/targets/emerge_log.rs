//! emerge.log: whatever stands in it, times are those of lines that are there.

use bincheck::emerge_log::{MergeTimes, of_text};
use bincheck::pms::Cpv;

use crate::guard;

pub(super) fn run(bytes: &[u8]) {
    let times = MergeTimes::new(of_text(bytes));
    let text = String::from_utf8_lossy(bytes);
    for cpv in text.split([' ', '(']).filter_map(Cpv::parse).take(16) {
        let name = cpv.cpn.as_str();
        if times.estimate(name, "0", &[]).is_some() {
            assert!(text.contains("completed emerge"), "{name}");
        }
    }
    guard::linear(bytes, b"\n", |bytes| {
        of_text(bytes);
    });
}
