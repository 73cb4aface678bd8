"""The drift report: where practice and paper part, the register says so by itself, with what settles it."""
