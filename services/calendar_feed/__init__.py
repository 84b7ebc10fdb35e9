"""Shows each clinician's hours in the calendar that they already have."""
