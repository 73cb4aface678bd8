"""Messages of a campaign: queued, each asked about again as it is sent, and sent or left out with the reason."""
