"""Avatars on their way in: archives of other libraries, whoever wrote them."""
