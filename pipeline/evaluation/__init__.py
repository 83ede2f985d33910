"""What a policy makes of a finished set becomes shares with intervals, tables and JSON."""
