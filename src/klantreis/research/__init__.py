"""Feedback and answers become needs, questions, information sources and the emotion of a text.

The room is reserved; ARCHITECTURE.md says what will live here and what it may know.
"""
