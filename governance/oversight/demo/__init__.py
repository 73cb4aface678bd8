"""What the demonstration company has in its action plan and in its file of accountability. All of it is fictional."""
