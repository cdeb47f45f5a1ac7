"""The service and a stand-in for its dependency, as processes on this machine."""
