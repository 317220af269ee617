//! What servers send of parts and of whole answers: `Content-Range`, numbers, gzip.

use bincheck::binhost::fuzzing;

use crate::guard;
use crate::input::Input;

pub(super) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    match input.choose(&[0, 1, 2]) {
        0 => {
            let text = input.text();
            if let Some((start, length, total)) = fuzzing::content_range(&text) {
                let end = start.checked_add(length).expect("an end within 64 bits");
                assert!(
                    length > 0 && total.is_none_or(|total| end <= total),
                    "{text}"
                );
            }
        }
        1 => {
            let text = input.text();
            if let Some(number) = fuzzing::integer(&text) {
                assert_eq!(fuzzing::integer(&number.to_string()), Some(number));
            }
            if let Ok(number) = text.parse::<i64>() {
                assert_eq!(fuzzing::integer(&text), Some(number));
            }
        }
        _ => {
            let limit = 1 << 20;
            if let Ok(text) = fuzzing::body(input.rest().to_vec(), limit) {
                // A replaced byte takes three.
                assert!(text.len() as u64 <= 3 * limit);
            }
        }
    }
    guard::linear(bytes, b"", |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let _ = (fuzzing::content_range(&text), fuzzing::integer(&text));
    });
}
