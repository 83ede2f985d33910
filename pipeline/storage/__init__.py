"""Files on a local disk or an object store behind one interface."""
