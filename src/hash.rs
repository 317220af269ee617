//! Hashes by which files are named and compared.

use sha2::{Digest, Sha256};

/// The SHA-256 of some texts with a zero byte between them, in lower-case hexadecimal.
pub fn sha256<'p>(parts: impl IntoIterator<Item = &'p [u8]>) -> String {
    let mut hash = Sha256::new();
    for (number, part) in parts.into_iter().enumerate() {
        if number > 0 {
            hash.update([0]);
        }
        hash.update(part);
    }
    hexadecimal(&hash.finalize())
}

fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.map(|digit| DIGITS[usize::from(digit)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sha256([&b""[..]]), empty);
        let one = sha256([&b"ab"[..], b"c"]);
        assert_ne!(one, sha256([&b"a"[..], b"bc"]));
        assert_eq!(one, sha256([&b"ab\0c"[..]]));
    }
}
