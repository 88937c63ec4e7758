"""Services of this package under real web servers."""
