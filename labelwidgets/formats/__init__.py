"""Files of labels that other programs read and write: a module for each format."""
