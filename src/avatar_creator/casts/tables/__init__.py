"""What people of a cast are drawn from: data of our own writing."""
