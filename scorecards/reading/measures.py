"""Words by which people name what a service is measured by."""

import re

from catalog.regex import regex

MEASURE = regex(
    r"availab\w+|latenc\w+|uptime|success\w*|error[ -]?(?:rate|ratio)s?|response times?|durations?|freshness"
    r"|durability|throughput|requests?|p(?:50|75|90|95|99|999)\b|percentile|correctness|completeness|non-5xx|2xx|5xx"
    r"|disponib\w+|verfügbarkeit|latenz\w*|可用性|延迟",
    re.IGNORECASE,
)
