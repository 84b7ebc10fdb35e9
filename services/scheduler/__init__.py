"""Scheduler: who meets whom, and when; every change is told in the same transaction."""
