use super::*;
use crate::report::fleet::FleetMachine;
use crate::report::fleet::testing::{failed, fleet as of, machine, with_host};

/// What would become an element, end an attribute, or hide what follows.
const EVIL: &str = "<img src=x onerror=alert(1)>\"'&</script><!--\u{202e}\u{1b}[2J";

/// A machine with that in every field that holds a text of somebody.
fn evil() -> FleetMachine {
    let uri = format!("https://u:secret@h/{EVIL}");
    let merges = [
        "d/x-1 compiled 60",
        "d/y-1 unusable h",
        "d/z-1 uncertain h",
        "d/a-1 binary h",
    ];
    let mut machine = with_host(machine("m", "haswell", &merges, &[]), &uri, 1);
    machine.name = EVIL.to_owned();
    machine.path = EVIL.to_owned();
    if let Ok(judged) = &mut machine.outcome {
        let evil = || EVIL.to_owned();
        for merge in &mut judged.merges {
            merge.cpv = evil();
            merge.detail = evil();
            merge.flags = evil();
            merge.host = Some(evil());
            merge.evidence = vec![evil()];
        }
        judged.unmet = vec![evil()];
        judged.notices = vec![evil()];
        judged.identity.machine.chost = evil();
        judged.identity.machine.model = Some(evil());
        judged.identity.tree.profile = Some(evil());
        judged.identity.tree.revision = Some(evil());
        judged.shares[0].host.state.error = Some(evil());
    }
    machine
}

#[test]
fn no_text_becomes_markup() {
    let pages = [
        of(vec![evil()]),
        of(vec![evil(), evil(), failed(EVIL, EVIL)]),
    ];
    for page in pages.iter().map(fleet) {
        assert!(
            page.contains("&lt;img src=x onerror=alert(1)&gt;&quot;"),
            "nothing was written"
        );
        assert!(!page.contains("<img"));
        assert!(!page.contains("<!--"));
        assert!(!page.contains("secret"));
        assert_eq!(page.matches("</script>").count(), 1);
        assert!(!page.contains(['\u{202e}', '\u{1b}']));
    }
}

/// Whatever a browser would fetch or run stands in an element or attribute that is not there.
#[test]
fn nothing_is_loaded() {
    let page = fleet(&of(vec![
        evil(),
        machine("b", "haswell", &["d/x-1 compiled"], &[]),
    ]));
    for element in [
        "<iframe", "<object", "<embed", "<audio", "<video", "<source", "<form", "<base", "@import",
        "url(",
    ] {
        assert!(!page.contains(element), "{element}");
    }
    let attributes = regex::Regex::new("(?:src|href|action|style)=\"([^\"]*)\"");
    let attributes = attributes.unwrap_or_else(|error| panic!("{error}"));
    for attribute in attributes.captures_iter(&page) {
        let value = &attribute[1];
        assert!(value == "data:," || value.starts_with("#m"), "{value}");
    }
    assert!(page.contains("default-src &#39;none&#39;") || page.contains("default-src 'none'"));
}

#[test]
fn shares_have_the_colour_of_their_size() {
    for (percent, class) in [
        (0, "h0"),
        (11, "h1"),
        (40, "h2"),
        (75, "h3"),
        (99, "h3"),
        (100, "h4"),
    ] {
        assert_eq!(heat(percent), class, "{percent} %");
    }
}

/// A machine where emerge stops before it merges anything, and one that is up to date, are served by nobody.
#[test]
fn a_share_of_nothing_is_not_all_of_it() {
    let mut stopped = with_host(machine("a", "haswell", &[], &[]), "https://h/x", 0);
    if let Ok(judged) = &mut stopped.outcome {
        judged.totals.sound = false;
    }
    let fresh = with_host(machine("b", "haswell", &[], &[]), "https://h/x", 0);
    let page = fleet(&of(vec![stopped, fresh]));
    let mut lacking = with_host(
        machine("c", "haswell", &["d/x-1 binary h"], &[]),
        "https://h/x",
        0,
    );
    if let Ok(judged) = &mut lacking.outcome {
        judged.unmet = vec!["d/none".to_owned()];
    }
    let alone = fleet(&of(vec![lacking]));
    assert!(
        alone.contains("1 of 1, 1 unmet") && !alone.contains("class=\"h4\""),
        "{alone}"
    );
    for wanted in ["emerge stops", "nothing to merge"] {
        assert!(page.contains(wanted), "{wanted}");
    }
    assert!(!page.contains("title=\"0 of 0\""), "{page}");
    assert!(!page.contains("<td class=\"h4\""), "{page}");
}

#[test]
fn the_policy_is_of_the_style_and_script_that_are_there() {
    let page = fleet(&of(vec![machine("b", "haswell", &[], &[])]));
    // What is cleaned of characters that hide would have another hash.
    assert!(page.contains(STYLE.trim()) && page.contains(SCRIPT.trim()));
}
