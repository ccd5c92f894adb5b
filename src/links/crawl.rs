//! Asks many addresses: one after the other at a host, many hosts at a time.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::runtime;
use tokio::sync::mpsc;

use super::LinkOptions;
use super::address::Address;
use super::ask::{Client, Names};
use super::cache::Answer;
use super::visit::Visitor;
use crate::diag::Error;

/// When so many hosts are asked and none can be reached, the fault is not theirs.
const SURELY_OFFLINE: usize = 4;

/// Asks each address once, and hands over the answers as they come.
///
/// # Errors
/// When no host can be reached, or no runtime can be started.
pub(super) fn ask_all(
    addresses: Vec<Address>,
    options: &LinkOptions,
    names: Names,
    hear: &mut dyn FnMut(Address, Answer),
) -> Result<(), Error> {
    // All waiting is for others, so one thread is enough.
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(options.hosts.clamp(1, 512))
        .build()
        .map_err(|error| Error::network("start asking", error))?;
    let client = Client::new(names, &options.roots, options.timeout, options.allow_private)?;
    let visitor = Visitor::new(client, options.hosts, options.pause, options.longest_wait);
    let visitor = Arc::new(visitor);
    let mut hosts: BTreeMap<String, Vec<Address>> = BTreeMap::new();
    for address in addresses {
        hosts.entry(address.host_name()).or_default().push(address);
    }
    let count = hosts.len();
    runtime.block_on(async {
        let (sender, mut answers) = mpsc::unbounded_channel();
        for addresses in hosts.into_values() {
            let (visitor, sender) = (Arc::clone(&visitor), sender.clone());
            tokio::spawn(async move {
                for address in addresses {
                    let answer = visitor.visit(&address).await;
                    // Nobody listens any more when the check has ended.
                    let _gone = sender.send((address, answer));
                }
            });
        }
        drop(sender);
        while let Some((address, answer)) = answers.recv().await {
            hear(address, answer);
        }
    });
    // A look-up of a name that hangs must not keep the program.
    runtime.shutdown_background();
    if count >= SURELY_OFFLINE && !visitor.has_network() {
        let error = std::io::Error::other(
            "not one of the hosts can be reached; is this machine on the network?",
        );
        return Err(Error::network("ask the links", error));
    }
    Ok(())
}
