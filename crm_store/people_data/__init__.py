"""What the law asks for where people's data is kept: everything about one person, its erasure, and retention."""
