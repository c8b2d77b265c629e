"""The condition language that segments, triggers and audiences share.

The room is reserved; ARCHITECTURE.md says what will live here and what it may know.
"""
