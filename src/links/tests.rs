mod answers;
mod hostile;
mod manners;
mod memory;
mod server;
