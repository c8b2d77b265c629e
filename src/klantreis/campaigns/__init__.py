"""Rules and portraits become audiences, decisions and measured effect.

The room is reserved; ARCHITECTURE.md says what will live here and what it may know.
"""
