"""Second factors: what somebody has besides what they know. An app's codes, passkeys, and codes for a lost one."""
