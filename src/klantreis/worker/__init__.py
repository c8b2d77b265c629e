"""The process that does what is due: scheduled runs, flows, sends.

The room is reserved; ARCHITECTURE.md says what will live here and what it may know.
"""
