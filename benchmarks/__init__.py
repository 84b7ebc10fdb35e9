"""How long things take on this machine, each figure beside the least it could be."""
