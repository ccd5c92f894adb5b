//! The redirects of a site.

use crate::plan::{Output, Plan, UrlPath};

/// How long a redirect holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lasting {
    /// For ever: an old address of an article or page. Browsers remember it.
    Permanent,
    /// Until there is a page: the next page of a list, which is not full yet. A browser that remembered it would never
    /// show that page.
    Temporary,
}

impl Lasting {
    /// Returns the status of HTTP.
    pub fn status(self) -> u16 {
        match self {
            Self::Permanent => 301,
            Self::Temporary => 302,
        }
    }
}

/// An address whose visitors are sent to another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// Where they come to.
    pub from: UrlPath,
    /// Where they are sent.
    pub to: UrlPath,
    /// For how long.
    pub lasting: Lasting,
}

/// Returns the redirects of a site, the permanent ones first: hosts read no more than so many.
pub fn redirects(plan: &Plan) -> Vec<Redirect> {
    let redirects = plan.outputs.iter().filter_map(|planned| match &planned.output {
        // An address that cannot be a file is no address of the site either.
        Output::Redirect(to) if planned.path.is_some() => {
            let (from, to) = (planned.url.clone(), to.clone());
            let lasting =
                if is_next_page(&from, &to) { Lasting::Temporary } else { Lasting::Permanent };
            Some(Redirect { from, to, lasting })
        }
        _ => None,
    });
    let mut redirects: Vec<Redirect> = redirects.collect();
    redirects.sort_by_key(|redirect| redirect.lasting);
    redirects
}

/// Returns whether an address is that of a page of the list at `list`.
fn is_next_page(from: &UrlPath, list: &UrlPath) -> bool {
    let below = from.as_str().strip_prefix(list.as_str());
    let number = below.and_then(|below| below.strip_prefix("page/")?.strip_suffix('/'));
    number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}
