"""Providers of video rooms, behind one port; asked when someone presses Join, never before."""
