"""Three readers that never see a video: how well texts alone tell which answer is chosen."""
