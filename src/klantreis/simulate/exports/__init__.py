"""What each of the shop's systems would export, one file a system."""
