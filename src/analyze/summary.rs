//! Headline and summary from the lead.
