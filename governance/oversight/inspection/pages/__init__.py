"""The pages of the file: what each part says, drawn and numbered, and bound at the end by the worker."""
