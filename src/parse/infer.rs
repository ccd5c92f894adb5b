//! What the text says about itself: title, date, source, boilerplate.
