"""Side effects that reach a customer: a folder a channel (mail, webhook, file).

The room is reserved; ARCHITECTURE.md says what will live here and what it may know.
"""
