"""A crawl: find repositories, read those that changed in worker processes, write what they say."""
