"""Questions with known answers and sources, asked of the sample company."""
