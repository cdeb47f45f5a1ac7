"""What is done when a dependency does not answer: timeouts, retries and fallbacks, set or told."""
