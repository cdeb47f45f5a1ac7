"""The Flask application: pages, partials for htmx, and the JSON API."""
