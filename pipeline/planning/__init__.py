"""`vidpref plan`: what a build would run on this machine, and how long it would take."""
