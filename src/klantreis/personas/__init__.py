"""Memberships and needs become personas and persona membership.

The room is reserved; ARCHITECTURE.md says what will live here and what it may know.
"""
