"""The only shared drawing code: what pages are made of. No business rule lives here."""
