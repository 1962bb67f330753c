"""Parts of the pages about customers."""
