"""Everything measured becomes a value canvas, KPIs, opportunities and a roadmap.

The room is reserved; ARCHITECTURE.md says what will live here and what it may know.
"""
