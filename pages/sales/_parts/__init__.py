"""What the pages of leads and opportunities share: one board, one list, one record, one form each."""
