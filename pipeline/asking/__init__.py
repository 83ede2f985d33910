"""`vidpref ask`: a question about a video, answered by a policy and by its base model."""
