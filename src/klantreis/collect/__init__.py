"""The HTTP collection API: live events in, durable before they are accepted.

The room is reserved; ARCHITECTURE.md says what will live here and what it may know.
"""
