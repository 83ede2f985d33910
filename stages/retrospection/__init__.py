"""What a round of self-sampling needs: samples, contexts without what the scene refutes, and comparisons."""
