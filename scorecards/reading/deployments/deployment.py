"""One deployment that was seen, and how far it goes."""

from typing import Literal, NamedTuple

from scorecards.result import Status

Kind = Literal[
    "deploys", "here", "provisions", "copies", "pages", "store", "starts", "image", "package", "tags"
]
"""What a command or an action does.

`deploys` changes what runs. `here` starts something on the machine that it runs on, which is a deployment
only where that machine is the target. `provisions` applies infrastructure, `copies` files to where a host
serves them, `pages` publishes pages of the repository's host, `store` gives an app to a store. `starts` hands
over to a pipeline that stands elsewhere. `image` publishes an image or a chart, `package` a package, `tags`
commits: none of these makes anything run.
"""


class Act(NamedTuple):
    """What a command or an action does, and how a sentence names it."""

    kind: Kind
    what: str


class Deployment(NamedTuple):
    """Something that deploys the service, or stops short of it.

    `status` is what it makes of the check, `why` says what lacks or defeats it. `kind` is that of its act, ""
    for a GitOps object or a setting in a file.
    """

    path: str
    line: int | None
    what: str
    status: Status
    why: str = ""
    kind: str = ""
