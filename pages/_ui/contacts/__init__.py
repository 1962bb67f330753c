"""Follow-ups and appointments wherever they are shown: their list, their buttons and their forms."""
