"""What a site says about its Markdown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """The engine that reads the Markdown, the hosts whose embeds may stay, and the site's own host, whose links are not external."""

    engine: str = "markdown"
    embed_hosts: tuple[str, ...] = ()
    host: str = ""
