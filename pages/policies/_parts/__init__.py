"""What the pages of policies are made of."""
