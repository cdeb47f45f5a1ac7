"""The worker, a real PostgreSQL and a stand-in for the mail gateway, as processes on this machine."""
