//! What a request comes to, for Prometheus: text that node_exporter's textfile collector reads.

use prometheus::{Encoder, GaugeVec, Opts, Registry, Result, TextEncoder};

use super::fleet::{Fleet, FleetHost, FleetMachine, JudgedMachine};
use crate::sanitize::sanitize;

/// Gauges on their way to a text; those of one machine alone need no label that names it.
struct Sheet<'f> {
    registry: Registry,
    fleet: &'f Fleet,
    names_machines: bool,
}

/// The text. Machines are named by a label where there are several of them or `names_machines`.
///
/// # Errors
/// None that a machine could cause: what this file asks of the library makes no sense.
pub fn text(fleet: &Fleet, names_machines: bool) -> Result<Vec<u8>> {
    let sheet = Sheet {
        registry: Registry::new(),
        fleet,
        names_machines,
    };
    sheet.machines()?;
    sheet.merges()?;
    sheet.hosts()?;
    sheet.served()?;
    let last = sheet.gauge(
        "last_run_timestamp_seconds",
        "When bincheck wrote this.",
        &[],
    )?;
    set(&last, &[""; 0], Some(fleet.now))?;
    let mut text = Vec::new();
    TextEncoder::new().encode(&sheet.registry.gather(), &mut text)?;
    Ok(text)
}

impl Sheet<'_> {
    fn gauge(&self, name: &str, help: &str, labels: &[&str]) -> Result<GaugeVec> {
        let gauge = GaugeVec::new(Opts::new(format!("bincheck_{name}"), help), labels)?;
        self.registry.register(Box::new(gauge.clone()))?;
        Ok(gauge)
    }

    /// A gauge for each machine, with more labels.
    fn of_machine(&self, name: &str, help: &str, labels: &[&str]) -> Result<GaugeVec> {
        let machine = self.names_machines.then_some("machine");
        let labels: Vec<&str> = machine.into_iter().chain(labels.iter().copied()).collect();
        self.gauge(name, help, &labels)
    }

    /// Values of the labels of [`Sheet::of_machine`].
    fn labels(&self, machine: &FleetMachine, more: &[&str]) -> Vec<String> {
        let name = self
            .names_machines
            .then(|| sanitize(&machine.name).into_owned());
        let more = more.iter().map(|label| (*label).to_owned());
        name.into_iter().chain(more).collect()
    }

    fn judged(&self) -> impl Iterator<Item = (&FleetMachine, &JudgedMachine)> {
        let machines = self.fleet.machines.iter();
        machines.filter_map(|machine| Some((machine, machine.judged()?)))
    }

    fn machines(&self) -> Result<()> {
        let judged = self.of_machine("judged", "Whether the machine could be judged.", &[])?;
        let status = self.of_machine(
            "status",
            "The exit status for it: 0 all binary, 1 not all, 2 unknown.",
            &[],
        )?;
        for machine in &self.fleet.machines {
            let labels = self.labels(machine, &[]);
            set(&judged, &labels, Some(u8::from(machine.judged().is_some())))?;
            set(&status, &labels, Some(machine.exit().code()))?;
        }
        let unmet = self.of_machine("unmet", "What keeps emerge from the request.", &[])?;
        let installed = self.of_machine("installed_packages", "Installed packages.", &[])?;
        for (machine, judged) in self.judged() {
            let labels = self.labels(machine, &[]);
            set(&unmet, &labels, Some(judged.unmet.len()))?;
            set(&installed, &labels, Some(judged.identity.installed))?;
        }
        Ok(())
    }

    fn merges(&self) -> Result<()> {
        let merges = self.of_machine(
            "merges",
            "What emerge would merge: usable binary packages, doubtful ones, and compiled packages.",
            &["state"],
        )?;
        let download = self.of_machine("download_bytes", "Bytes to fetch.", &[])?;
        let seconds = self.of_machine(
            "compile_seconds",
            "How long the compiled packages take, as far as emerge.log tells.",
            &[],
        )?;
        let unknown = self.of_machine(
            "compile_unknown",
            "Compiled packages whose time is unknown.",
            &[],
        )?;
        for (machine, judged) in self.judged() {
            let totals = &judged.totals;
            for (state, count) in [
                ("binary", totals.usable),
                ("doubtful", totals.doubtful),
                ("compiled", totals.source),
            ] {
                set(&merges, &self.labels(machine, &[state]), Some(count))?;
            }
            let labels = self.labels(machine, &[]);
            let compile = &totals.compile;
            set(&download, &labels, Some(totals.download))?;
            set(&seconds, &labels, Some(compile.seconds))?;
            set(
                &unknown,
                &labels,
                Some(compile.compiled.saturating_sub(compile.known)),
            )?;
        }
        Ok(())
    }

    /// Hosts and their names; a URI never has its password.
    fn named_hosts(&self) -> impl Iterator<Item = (usize, &FleetHost, [String; 2])> {
        let hosts = self
            .fleet
            .hosts
            .iter()
            .zip(&self.fleet.host_labels)
            .enumerate();
        hosts.map(|(place, (host, label))| {
            let names = [label.clone(), host.uri().to_string()];
            (place, host, names.map(|name| sanitize(&name).into_owned()))
        })
    }

    fn hosts(&self) -> Result<()> {
        let labels = &["host", "uri"];
        let readable = self.gauge("host_readable", "Whether its index could be read.", labels)?;
        let packages = self.gauge("host_packages", "Entries of its index.", labels)?;
        let made = self.gauge(
            "host_index_timestamp_seconds",
            "TIMESTAMP of its index.",
            labels,
        )?;
        for (_, host, names) in self.named_hosts() {
            let values = names.each_ref().map(String::as_str);
            let is_readable = host.entries.is_some() && host.state.error.is_none();
            set(&readable, &values, Some(u8::from(is_readable)))?;
            set(&packages, &values, host.entries)?;
            set(&made, &values, host.timestamp)?;
        }
        Ok(())
    }

    fn served(&self) -> Result<()> {
        let labels = &["host", "uri"];
        let merges = self.of_machine(
            "host_served_merges",
            "Merges that it could serve as usable binary packages.",
            labels,
        )?;
        let installed = self.of_machine(
            "host_served_installed",
            "Installed packages of which it has the same version, accepted there.",
            labels,
        )?;
        for (place, _, names) in self.named_hosts() {
            for machine in &self.fleet.machines {
                let Some(share) = self.fleet.share(machine, place) else {
                    continue;
                };
                let labels = self.labels(machine, &names.each_ref().map(String::as_str));
                set(&merges, &labels, Some(share.request.served))?;
                set(&installed, &labels, Some(share.installed.served))?;
            }
        }
        Ok(())
    }
}

/// Set a value that is known; one that is not has no line.
fn set(
    gauge: &GaugeVec,
    labels: &[impl AsRef<str> + std::fmt::Debug],
    value: Option<impl TryInto<i64>>,
) -> Result<()> {
    let value = value.and_then(|value| value.try_into().ok());
    if let Some(value) = value {
        #[expect(
            clippy::cast_precision_loss,
            reason = "metrics are floating-point numbers"
        )]
        gauge
            .get_metric_with_label_values(labels)?
            .set(value as f64);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::report::fleet::testing::with_host;
    use crate::report::fleet::testing::{failed, fleet, machine};

    fn lines(fleet: &Fleet, names_machines: bool) -> Vec<String> {
        let text = String::from_utf8(text(fleet, names_machines).unwrap()).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn machines_and_hosts_have_their_lines() {
        let fleet = fleet(vec![
            with_host(
                machine(
                    "a",
                    "haswell",
                    &["d/x-1 compiled 60", "d/y-1 binary h"],
                    &[],
                ),
                "https://u:secret@h/x",
                1,
            ),
            failed("b", "gone"),
        ]);
        let lines = lines(&fleet, true);
        for wanted in [
            "bincheck_judged{machine=\"a\"} 1",
            "bincheck_judged{machine=\"b\"} 0",
            "bincheck_status{machine=\"b\"} 2",
            "bincheck_merges{machine=\"a\",state=\"compiled\"} 1",
            "bincheck_compile_seconds{machine=\"a\"} 60",
            "bincheck_last_run_timestamp_seconds 1700000000",
            "bincheck_host_readable{host=\"h\",uri=\"https://h/x\"} 1",
            "bincheck_host_served_merges{host=\"h\",machine=\"a\",uri=\"https://h/x\"} 1",
            "# TYPE bincheck_merges gauge",
        ] {
            assert!(
                lines.iter().any(|line| line == wanted),
                "{wanted}: {lines:#?}"
            );
        }
        assert!(!lines.iter().any(|line| line.contains("secret")));
        // What is not known has no line.
        assert!(
            !lines
                .iter()
                .any(|line| line.starts_with("bincheck_merges{machine=\"b\""))
        );
    }

    #[test]
    fn every_line_is_of_the_format_whatever_a_name_holds() {
        let name = "a\"b\\c\nd\u{1b}";
        let fleet = fleet(vec![with_host(
            machine(name, "haswell", &[], &[]),
            "http://h/\"\n\\x",
            0,
        )]);
        let sample =
            regex::Regex::new(r#"^[a-z_]+(\{([a-z_]+="([^"\\]|\\["\\n])*",?)+\})? -?[0-9.e+]+$"#);
        let sample = sample.unwrap();
        for line in lines(&fleet, true) {
            assert!(line.starts_with("# ") || sample.is_match(&line), "{line}");
            assert!(!line.contains('\u{1b}'), "{line:?}");
        }
        assert!(
            lines(&fleet, false)
                .iter()
                .all(|line| !line.contains("machine="))
        );
    }
}
