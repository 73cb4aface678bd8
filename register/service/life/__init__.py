"""The life of an activity: its steps, what stands in their way, versions, reviews, the thread."""
