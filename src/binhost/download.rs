//! Getting one index over the network.

use anyhow::{Context, Result, bail};

use super::BinRepo;
use super::cached_index::CachedIndex;
use super::command::Allowance;
use super::fetch_options::FetchOptions;
use super::http::{Http, IndexResponse, Validators};
use super::index_file::NAMES;
use super::transport::Transport;
use super::visit::Visit;
use crate::local::Base;

/// An index as it came.
pub(super) struct Fetched {
    pub(super) file: &'static str,
    pub(super) bytes: Vec<u8>,
    pub(super) validators: Validators,
}

/// One index that comes over the network.
pub(super) struct Download<'s> {
    pub(super) base: &'s Base,
    pub(super) options: &'s FetchOptions,
    pub(super) http: &'s Http,
    pub(super) repo: &'s BinRepo,
    pub(super) visit: &'s Visit<'s>,
    /// How many bytes it may have.
    pub(super) room: u64,
}

impl Download<'_> {
    /// The index; `None` if the cached copy is current.
    ///
    /// # Errors
    /// The host cannot be contacted, or has no index.
    pub(super) fn run(
        &self,
        transport: &Transport<'_>,
        known: Option<&CachedIndex>,
    ) -> Result<Option<Fetched>> {
        match transport {
            Transport::Http => self.over_http(known),
            Transport::File(_) => bail!("a file is not fetched"),
            Transport::Command(_) | Transport::Ssh => {
                let allowance = Allowance {
                    limits: &self.options.time,
                    visit: self.visit,
                    cache: &self.options.cache,
                    room: self.room,
                };
                let (file, bytes) = transport.run(self.base, self.repo, &allowance)?;
                Ok(Some(Fetched {
                    file,
                    bytes,
                    validators: Validators::default(),
                }))
            }
        }
    }

    fn over_http(&self, known: Option<&CachedIndex>) -> Result<Option<Fetched>> {
        for file in NAMES {
            let known = known.filter(|_| !self.options.refresh);
            let validators = known.map_or_else(Validators::default, |known| known.validators(file));
            let uri = &self.repo.sync_uri;
            let answer = self.http.get(self.visit, uri, file, &validators, self.room);
            match answer.with_context(|| format!("cannot get {file}"))? {
                IndexResponse::NotModified => return Ok(None),
                IndexResponse::NotFound => {}
                IndexResponse::Body(bytes, validators) => {
                    return Ok(Some(Fetched {
                        file,
                        bytes,
                        validators,
                    }));
                }
            }
        }
        bail!("the host has neither {} nor {}", NAMES[0], NAMES[1])
    }
}
