"""The whole cloud on a laptop: what `tilepress dev` starts. Not part of what runs in Lambda."""
