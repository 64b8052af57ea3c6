"""From bytes to text to positions: what was captured is read here, fetched here, compared and shown here."""
