"""Purposes: declared, what they use, who receives it, which stand beneath which."""
