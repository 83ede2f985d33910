"""The wordings of descriptions: how one is asked for, and the sentences of each kind of clause."""
