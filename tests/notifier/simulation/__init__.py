"""A practice over sixteen weeks of held time, with everything going wrong that can."""
