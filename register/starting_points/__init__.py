"""Starting points: complete first records of what a commercial company usually does, to be made the firm's own."""
