"""Pictures of archives on their way into the folder of pictures: looked at, written, synced, and only then named."""
