"""Three classifiers that read texts alone and never see a video: how well can they find the chosen answer?"""
