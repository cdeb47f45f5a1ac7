"""Where the files of a snapshot come from: a commit, a working folder, or any folder."""
