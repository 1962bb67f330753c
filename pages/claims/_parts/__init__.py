"""What the pages of claims are made of."""
