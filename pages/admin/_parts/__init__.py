"""What the pages of administration are made of."""
