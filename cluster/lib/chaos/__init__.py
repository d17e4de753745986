"""Real nodes under real faults; started by `cluster/chaos`."""
