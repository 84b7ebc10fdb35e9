"""Providers of rooms, each as its own server would judge it."""
