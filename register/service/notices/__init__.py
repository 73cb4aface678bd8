"""What people are told: texts published with each step, the points where data are collected."""
